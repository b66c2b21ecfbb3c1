using Balsa.Simulation.Disks;
using Balsa.Simulation.Randomness;
using Balsa.Storage.Steps;

namespace Balsa.Simulation.Tests.Disks;

/// <summary>Steps without a planner: each is done at once.</summary>
internal sealed class Tester
{
    private readonly IoStep _step = new();
    private readonly Dictionary<string, StoredFile> _files = [];

    internal Tester(FaultyDisk? disk = null)
    {
        Disk = disk ?? new FaultyDisk();
        if (disk is null) Disk.AddDirectory("d");
    }

    internal FaultyDisk Disk { get; }

    internal IoSite Site { get; set; } = IoSite.WriteBatch;

    internal DiskError Create(string path) => Do(_step.Create(Site, File(path)));

    internal DiskError Open(string path) => Do(_step.Open(Site, File(path)));

    internal DiskError Write(string path, long offset, params byte[] bytes) => Do(_step.Write(Site, File(path), offset, bytes));

    internal DiskError Sync(string path) => Do(_step.Sync(Site, File(path)));

    internal DiskError Close(string path) => Do(_step.Close(File(path)));

    internal DiskError Lock(string path, StoredFile? file = null) => Do(_step.Lock(Site, file ?? File(path)));

    internal DiskError Rename(string path, string target) => Do(_step.Rename(Site, path, target));

    internal DiskError Delete(string path) => Do(_step.Delete(Site, path));

    internal DiskError MakeDirectory(string path) => Do(_step.MakeDirectory(Site, path));

    internal DiskError SyncDirectory(string path) => Do(_step.SyncDirectory(Site, path));

    internal DiskError Read(string path, long offset, byte[] into) => Do(_step.Read(Site, File(path), offset, into));

    internal List<string> List(string path)
    {
        Assert.Equal(DiskError.None, Do(_step.List(Site, path)));
        return [.. _step.Names.Order(StringComparer.Ordinal)];
    }

    /// <summary>A file with this content, durable with its name, and still open.</summary>
    internal void Make(string path, params byte[] bytes)
    {
        Create(path);
        Write(path, 0, bytes);
        Sync(path);
        SyncDirectory("d");
    }

    internal bool Has(string path) => Disk.TryLook(path, out _);

    /// <summary>The content as a reader sees it.</summary>
    internal byte[] Content(string path)
    {
        Assert.True(Disk.TryLook(path, out var content), $"{path} does not exist");
        return content.ToArray();
    }

    /// <summary>The disk after a power cut, on a copy.</summary>
    internal Tester Crashed(ISurvival survival)
    {
        var copy = new FaultyDisk();
        copy.CopyFrom(Disk);
        copy.Crash(survival);
        return new Tester(copy);
    }

    /// <summary>What every outcome of a power cut looks like to the eye of the test.</summary>
    internal List<string> Outcomes(Func<Tester, string> look)
    {
        var every = new EveryOutcome();
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        do seen.Add(look(Crashed(every)));
        while (every.MoveNext());
        return [.. seen];
    }

    internal static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }

    internal static byte[] Random(Dice dice, int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)dice.Next();
        return bytes;
    }

    private StoredFile File(string path)
    {
        if (!_files.TryGetValue(path, out var file)) _files.Add(path, file = new StoredFile(path));
        return file;
    }

    private DiskError Do(IoStep step)
    {
        Disk.Execute(step);
        return step.Error;
    }
}
