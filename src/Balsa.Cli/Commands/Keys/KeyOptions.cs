using System.CommandLine;
using Balsa.Cli.CommandLine;
using Balsa.Server.Protocol;

namespace Balsa.Cli.Commands.Keys;

/// <summary>Arguments and options that several commands on keys have in common.</summary>
internal static class KeyOptions
{
    public static Option<bool> Prefix() => Flag("All keys that begin with KEY.", "--prefix", "-p");

    public static Option<bool> Previous() => Flag("Show what was there before.", "--previous");

    /// <summary>Never takes the word behind it, not even when that is a key called "true".</summary>
    public static Option<bool> Flag(string description, string name, params string[] aliases) =>
        new(name, aliases) { Description = description, Arity = ArgumentArity.Zero };

    /// <summary>How sure a read has to be.</summary>
    public static Option<string> Consistency()
    {
        var consistency = new Option<string>("--consistency")
        {
            Description = "linearizable: a majority confirms it. lease: the leader alone, where the cluster allows leases. "
                + "local: whatever the member has.",
            HelpName = "HOW",
        };
        consistency.AcceptOnlyFromAmong([.. ReadConsistencyText.All]);
        return consistency;
    }

    public static Option<long> Revision()
    {
        var revision = new Option<long>("--revision") { Description = "The state as it was at this revision.", HelpName = "N" };
        NumberRange.AtLeast(revision, 1);
        return revision;
    }

    public static Option<int> Limit()
    {
        var limit = new Option<int>("--limit") { Description = "At most this many keys.", HelpName = "N", DefaultValueFactory = _ => 1000 };
        NumberRange.Limit(limit, 1, 10_000);
        return limit;
    }

    /// <summary>A key, which is empty only where the empty prefix means every key.</summary>
    public static Argument<string> AddKey(Command command, string description, Option<bool>? prefix = null)
    {
        var key = new Argument<string>("key") { Description = description };
        command.Arguments.Add(key);
        command.Validators.Add(given =>
        {
            if (given.GetResult(key) is not { Tokens: [{ Value: "" }] } || (prefix is not null && given.GetValue(prefix))) return;
            given.AddError(prefix is null ? "KEY is empty." : "KEY is empty; that means something only with --prefix: every key.");
        });
        return key;
    }
}
