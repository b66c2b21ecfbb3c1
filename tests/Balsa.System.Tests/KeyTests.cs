using System.Text.Json;

namespace Balsa.System.Tests;

/// <summary>
/// The commands on keys, on a real node. One alone, because an election that a busy machine causes would leave an outcome
/// unknown, and these tests count revisions; what happens then is tested elsewhere.
/// </summary>
public sealed class KeyTests : IAsyncLifetime
{
    private readonly Cli _cli = new();
    private DevRun? _dev;

    public async ValueTask InitializeAsync() => _dev = await DevRun.StartAsync(_cli, "--nodes", "1");

    public async ValueTask DisposeAsync()
    {
        if (_dev is not null) await _dev.DisposeAsync();
        _cli.Dispose();
    }

    [Fact]
    public async Task An_earlier_revision_can_be_read_until_it_is_compacted()
    {
        var first = await RevisionOfAsync("put", "a", "one");
        var second = await RevisionOfAsync("put", "a", "two");
        await RevisionOfAsync("put", "b", "other");
        var gone = await RevisionOfAsync("del", "a");
        Assert.Equal("one\n", (await _cli.DoAsync("get", "a", "--revision", $"{first}")).Out);
        Assert.Equal("two\n", (await _cli.DoAsync("get", "a", "--revision", $"{gone - 1}")).Out);
        Assert.Single((await _cli.DoAsync("ls", "--revision", $"{second}", "--json")).Json.GetProperty("items").EnumerateArray());
        await FailsAsync(3, "E0302", $"Revision {gone} does not hold it.", "get", "a", "--revision", $"{gone}");
        await FailsAsync(3, "E0305", $"Revisions 1 to {gone} can be read.", "get", "a", "--revision", $"{gone + 1}");

        await _cli.DoAsync("compact", $"{second}");
        await FailsAsync(3, "E0304", $"Revisions {second} to {gone} can be read.", "get", "a", "--revision", $"{first}");
        await FailsAsync(3, "E0304", $"Revisions {second} to {gone} can be read.", "ls", "--revision", $"{first}");
        await FailsAsync(1, "E0304", "only goes forward", "compact", $"{second}");
        await FailsAsync(1, "E0305", $"Revisions {second} to {gone} can be read.", "compact", $"{gone + 1}");
        Assert.Equal("two\n", (await _cli.DoAsync("get", "a", "--revision", $"{second}")).Out);
        Assert.Equal("other\n", (await _cli.DoAsync("get", "b", "--stale")).Out);
    }

    [Fact]
    public async Task A_conditional_put_writes_over_what_it_knows_and_nothing_else()
    {
        var first = await RevisionOfAsync("put", "seat", "bob", "--if-absent");
        await FailsAsync(5, "E0301", $"seat already exists (revision {first}, value \"bob\").", "put", "seat", "ann", "--if-absent");
        await FailsAsync(5, "E0303", $"(revision {first}, value \"bob\")", "put", "seat", "ann", "--if-revision", $"{first + 1}");
        await FailsAsync(5, "E0302", "there is no key other.", "put", "other", "ann", "--if-revision", $"{first}");
        await FailsAsync(3, "E0302", "there is no key other.", "replace", "other", "ann");
        Assert.Equal("bob\n", (await _cli.DoAsync("get", "seat")).Out);
        Assert.Equal(3, (await _cli.RunAsync("get", "other")).Code);

        var put = (await _cli.DoAsync("put", "seat", "ann", "--if-revision", $"{first}", "--previous", "--json")).Json;
        Assert.Equal(first + 1, put.GetProperty("revision").GetInt64());
        Assert.Equal("bob", put.GetProperty("previous").GetProperty("value").GetString());
        var replaced = await _cli.DoAsync("replace", "seat", "eve", "--previous");
        Assert.Contains($"before: revision {first + 1}, value \"ann\"", replaced.Out, StringComparison.Ordinal);
        var found = (await _cli.DoAsync("get", "seat", "--json")).Json;
        Assert.Equal("eve", found.GetProperty("value").GetString());
        Assert.Equal(
            (first + 2, first, 3L),
            (Number(found, "revision"), Number(found, "created"), Number(found, "version")));
        Assert.Equal(first + 2, Number(found, "storeRevision"));
    }

    [Fact]
    public async Task A_prefix_is_listed_and_removed_only_when_that_is_meant()
    {
        foreach (var key in (string[])["/shop/a", "/shop/b", "/shop", "/shoq"]) await _cli.DoAsync("put", key, $"of {key}");
        var listed = (await _cli.DoAsync("get", "-p", "/shop/", "--json")).Json.GetProperty("items");
        Assert.Equal(["/shop/a", "/shop/b"], listed.EnumerateArray().Select(item => item.GetProperty("key").GetString()));
        Assert.Equal(["of /shop/a", "of /shop/b"], listed.EnumerateArray().Select(item => item.GetProperty("value").GetString()));

        await FailsAsync(2, null, "2 keys begin with \"/shop/\"; none was removed.", "del", "-p", "/shop/");
        Assert.Equal(4, (await _cli.DoAsync("ls", "--json")).Json.GetProperty("items").GetArrayLength());
        var removed = (await _cli.DoAsync("del", "-p", "/shop/", "--yes", "--json")).Json;
        Assert.Equal(2, Number(removed, "deleted"));
        var left = (await _cli.DoAsync("ls", "--json")).Json.GetProperty("items");
        Assert.Equal(["/shop", "/shoq"], left.EnumerateArray().Select(item => item.GetProperty("key").GetString()));
        var before = Number(removed, "revision") - 1;
        Assert.Equal("of /shop/b\n", (await _cli.DoAsync("get", "/shop/b", "--revision", $"{before}")).Out);
        await FailsAsync(3, "E0302", "no key begins with \"/shop/\".", "del", "-p", "/shop/");
        await FailsAsync(3, "E0302", "there is no key /shop/a.", "del", "/shop/a");
        await _cli.DoAsync("del", "-p", "/shop");
    }

    [Fact]
    public async Task Bytes_come_back_as_they_went_in()
    {
        var file = Path.Combine(_cli.Folder, "bytes");
        byte[] bytes = [0xff, 0x00, 0x0a, 0x80];
        await File.WriteAllBytesAsync(file, bytes);
        await _cli.DoAsync("put", "a", "@" + file);
        Assert.Equal(bytes, (await _cli.DoAsync("get", "a", "--json")).Json.GetProperty("value_b64").GetBytesFromBase64());
        await _cli.DoAsync("put", "b", "-");
        Assert.Equal("", (await _cli.DoAsync("get", "b", "--json")).Json.GetProperty("value").GetString());
        Assert.Contains("<binary, 4 bytes; use --json>", (await _cli.DoAsync("get", "-p", "")).Out, StringComparison.Ordinal);
    }

    private static long Number(JsonElement from, string name) => from.GetProperty(name).GetInt64();

    private async Task<long> RevisionOfAsync(params string[] words) => Number((await _cli.DoAsync([.. words, "--json"])).Json, "revision");

    private async Task FailsAsync(int code, string? error, string text, params string[] words)
    {
        var result = await _cli.RunAsync(words);
        Assert.True(result.Code == code, $"{result.Code}, not {code}: {result.Out} {result.Error}");
        Assert.StartsWith(error is null ? "error: " : $"error {error}: ", result.Error, StringComparison.Ordinal);
        Assert.Contains(text, result.Error, StringComparison.Ordinal);
        Assert.Contains("  next: balsa ", result.Error, StringComparison.Ordinal);
    }
}
