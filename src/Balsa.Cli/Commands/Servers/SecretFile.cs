namespace Balsa.Cli.Commands.Servers;

/// <summary>A file with a secret in its first line.</summary>
internal static class SecretFile
{
    private const int CharactersLeast = 8;

    /// <summary>Null when it cannot be used, and why.</summary>
    internal static string? Read(string path, out string problem)
    {
        problem = "";
        try
        {
            var secret = File.ReadLines(path).FirstOrDefault("").Trim();
            if (secret.Length >= CharactersLeast) return secret;
            problem = $"The first line of the file is the secret; it needs at least {CharactersLeast} characters.";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            problem = unreadable.Message;
        }

        return null;
    }
}
