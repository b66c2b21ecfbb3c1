using System.Reflection;
using Balsa.Hosting.Errors;

namespace Balsa.Hosting.Commands;

/// <summary>The commands that a build knows. All members must know a command before anybody sends it.</summary>
public sealed class CommandCatalog<TState> where TState : class
{
    private readonly Dictionary<Type, CommandType<TState>> _byType = [];
    private readonly Dictionary<(string Name, ushort Version), CommandType<TState>> _byName = [];

    internal int Count => _byType.Count;

    /// <summary>Every command of this state in the assembly, found by reflection.</summary>
#pragma warning disable CA1000 // The state must be named somewhere, and here it is part of the sentence.
    public static CommandCatalog<TState> Of(Assembly assembly)
#pragma warning restore CA1000
    {
        ArgumentNullException.ThrowIfNull(assembly);
        var catalog = new CommandCatalog<TState>();
        foreach (var type in assembly.GetTypes().Where(type => type is { IsAbstract: false, ContainsGenericParameters: false }))
        {
            foreach (var shape in type.GetInterfaces().Where(IsCommand))
            {
                var kind = typeof(CommandType<,,>).MakeGenericType(typeof(TState), type, shape.GenericTypeArguments[1]);
                var (name, version) = NameOf(type);
                var made = Activator.CreateInstance(
                    kind, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public, null, [name, version], null);
                catalog.Add((CommandType<TState>)made!);
            }
        }

        return catalog;
    }

    /// <summary>Adds one command, without reflection. Its name is that of its <see cref="CommandAttribute"/>, or of its class.</summary>
    public CommandCatalog<TState> Add<TCommand, TResult>() where TCommand : ICommand<TState, TResult>
    {
        var (name, version) = NameOf(typeof(TCommand));
        Add(new CommandType<TState, TCommand, TResult>(name, version));
        return this;
    }

    internal CommandType<TState> Find(Type type) => _byType.TryGetValue(type, out var found)
        ? found
        : throw new ImpossibleCommandException(
            $"{type.Name} is not in the catalog of commands of {typeof(TState).Name}, so the other members could not read it. "
            + "Add it with CommandCatalog.Add, or move it into the assembly that the catalog was made of.");

    internal CommandType<TState>? Find(string name, ushort version) => _byName.GetValueOrDefault((name, version));

    private void Add(CommandType<TState> type)
    {
        if (type.Name.Length is 0 or > HostedEntry.NameCharsMax || !System.Text.Ascii.IsValid(type.Name))
        {
            throw new ImpossibleCommandException(
                $"The command {type.Type.Name} is named \"{type.Name}\". A name has 1 to {HostedEntry.NameCharsMax} letters of ASCII: "
                + "give it another one with [Command(\"name\")].");
        }

        if (_byName.TryGetValue((type.Name, type.Version), out var other) || _byType.TryGetValue(type.Type, out other))
        {
            throw new ImpossibleCommandException(
                $"{other.Type.Name} and {type.Type.Name} both want to be the command {type}. The log could not tell them apart: "
                + "give one of them another name or version with [Command(\"name\", Version = 2)].");
        }

        _byType.Add(type.Type, type);
        _byName.Add((type.Name, type.Version), type);
    }

    private static bool IsCommand(Type shape) =>
        shape.IsGenericType && shape.GetGenericTypeDefinition() == typeof(ICommand<,>) && shape.GenericTypeArguments[0] == typeof(TState);

    private static (string Name, ushort Version) NameOf(Type type) =>
        type.GetCustomAttribute<CommandAttribute>() is { } named ? (named.Name, named.Version) : (type.Name, (ushort)1);
}
