namespace Balsa.Hosting;

/// <summary>A change of the state. It knows how to make it, and what it answers. Every member runs it, so it travels as data.</summary>
public interface ICommand<in TState, out TResult>
{
    /// <summary>
    /// Changes the state; the answer goes to whoever sent the command. Nothing but the state, the command and the context may
    /// decide what happens: no clock, no random numbers of your own, no files, no order of a hash table. What the caller should
    /// know (no such account, not enough money) is a result. An exception is a mistake in the program, and the member stops
    /// serving.
    /// </summary>
    TResult Apply(TState state, ApplyContext context);
}
