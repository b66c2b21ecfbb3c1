namespace Balsa.Adapters.Calling.Scripts;

/// <summary>One line of a script.</summary>
public abstract record ScriptStep(int Line, string Text);

/// <summary>Lets time pass.</summary>
public sealed record PauseStep(int Line, string Text, TimeSpan Time) : ScriptStep(Line, Text);

/// <summary>Waits until most nodes name the same leader, another one than before if that is asked for.</summary>
public sealed record LeaderStep(int Line, string Text, TimeSpan Longest, bool IsOther) : ScriptStep(Line, Text);

/// <summary>Asks, and keeps the answers for expectations.</summary>
public sealed record AskStep(int Line, string Text, string Target, CallerRequest Request) : ScriptStep(Line, Text);

/// <summary>What must be so of the last answers.</summary>
public sealed record ExpectStep(int Line, string Text, IReadOnlyList<Expectation> Expectations) : ScriptStep(Line, Text);

/// <param name="Field">Of an answer, or "answers" or "entries".</param>
/// <param name="Sign">=, != or >=.</param>
public readonly record struct Expectation(string Field, string Sign, string Value);
