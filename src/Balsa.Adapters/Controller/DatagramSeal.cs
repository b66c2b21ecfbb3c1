using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Balsa.Adapters.Controller;

/// <summary>
/// Proves that a datagram comes from somebody who knows a secret, and that it is no recording: its last two fields are the moment
/// and a keyed hash of everything before the hash. A reader that knows nothing of it sees two fields more.
/// </summary>
public static class DatagramSeal
{
    private const int HashDigits = 64;
    private static readonly byte[] HashField = ",\"auth\":\""u8.ToArray(), End = "\"}"u8.ToArray();

    /// <summary>How far the clocks of controller and node may lie apart.</summary>
    public static readonly TimeSpan SkewMax = TimeSpan.FromSeconds(30);

    /// <param name="datagram">One JSON object without spaces at its end.</param>
    public static byte[] Close(ReadOnlySpan<byte> datagram, string secret, DateTimeOffset now)
    {
        var body = Encoding.UTF8.GetString(datagram[..^1]);
        var moment = now.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var signed = Encoding.UTF8.GetBytes($"{body}{(datagram.Length > 2 ? "," : "")}\"at\":{moment}");
        return [.. signed, .. HashField, .. Encoding.ASCII.GetBytes(HashOf(signed, secret)), .. End];
    }

    /// <param name="hash">Names this datagram among all others with the same secret.</param>
    /// <param name="moment">When it was closed, in milliseconds since 1970.</param>
    internal static bool TryOpen(ReadOnlySpan<byte> datagram, string secret, out string hash, out long moment)
    {
        (hash, moment) = ("", 0);
        var tail = HashField.Length + HashDigits + End.Length;
        if (datagram.Length <= tail || !datagram.EndsWith(End) || !datagram[^tail..].StartsWith(HashField)) return false;
        var signed = datagram[..^tail];
        hash = Encoding.ASCII.GetString(datagram.Slice(signed.Length + HashField.Length, HashDigits));
        var right = HashOf(signed, secret);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(right), Encoding.ASCII.GetBytes(hash))) return false;
        var digits = signed[(signed.LastIndexOf((byte)':') + 1)..];
        return long.TryParse(digits, CultureInfo.InvariantCulture, out moment);
    }

    private static string HashOf(ReadOnlySpan<byte> signed, string secret) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
}
