using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Balsa.Raft.Log;
using Balsa.Storage.Tests.Wal.Recovery;

namespace Balsa.Storage.Tests.Wal.Format;

/// <summary>A data directory of format 1 that a build once wrote, and that every later build must read in the same way.</summary>
public sealed class GoldenTests
{
    /// <summary>Every file is also written anew and compared: a build that writes format 1 writes these bytes.</summary>
    [Theory]
    [InlineData("whole")]
    [InlineData("torn")]
    [InlineData("damaged")]
    public void A_golden_directory_is_read_for_ever(string name)
    {
        var disk = Load(name);
        foreach (var file in disk.Names)
            Assert.True(disk[file].AsSpan().SequenceEqual(Make(name)[file]), $"{file} would be written differently today");

        var world = new LogWorld { Disk = disk }.Open();
        var path = Path.Combine(Folder(), $"{name}.txt");
        var found = Describe(world);
        if (!File.Exists(path) && Environment.GetEnvironmentVariable("BALSA_REWRITE") == "1") File.WriteAllText(path, found);
        Assert.Equal(File.ReadAllText(path), found);
    }

    [Fact]
    public void Every_type_of_record_is_in_it()
    {
        var types = new HashSet<byte>();
        var disk = Load("whole");
        foreach (var file in disk.Names.Where(name => name.EndsWith(".wal", StringComparison.Ordinal)))
        {
            var bytes = disk[file];
            for (var at = 1536; at < bytes.Length - 56 && bytes[at + 16] != 0;)
            {
                types.Add(bytes[at + 16]);
                at += (56 + BitConverter.ToInt32(bytes, at + 8) + 7) & ~7;
            }
        }

        Assert.Equal(Enumerable.Range(1, 8).Select(type => (byte)type), types.Order());
    }

    private static PlainDisk Make(string name)
    {
        var world = new LogWorld().Open().Write(LogWorld.Vote(1, 2)).Append(1, 12, bytes: 90).Write(SampleLog.Peer(2, 7)).Stop();
        world.Disk.Kill();
        // Entry 9 is damaged: the log goes on in the second file, first without and then with what was lost.
        world.Disk[LogPath(1)][1536 + 8 * 152 + 400] ^= 0x10;
        world.Open().Write(LogWorld.Vote(2, 3)).Append(world.Log.Last.Index.Value + 1, 30, term: 2, bytes: 90);
        world.Write(batch => batch.NoteRecovered(default)).FallIdle().Write(LogWorld.Truncate(28));
        world.Write(LogWorld.Raw(28, 3, SampleLog.Voters(1, 2, 3, 4), EntryKind.Configuration)).Append(29, 60, term: 3, bytes: 90);
        world.Write(LogWorld.Vote(4, 1), SampleLog.Peer(3, 5)).Write(LogWorld.BeginAfter(5, 1)).Append(61, 75, term: 4, bytes: 40);
        if (name == "torn") Tear(world.Disk[world.Disk.Names.Last(file => file.EndsWith(".wal", StringComparison.Ordinal))]);
        else world.Stop();
        if (name == "damaged") world.Disk[LogPath(3)][1536 + 2000] ^= 0x10;
        foreach (var file in world.Disk.Names.Where(IsNoise).ToArray()) world.Disk.Remove(file);
        return world.Disk;
    }

    /// <summary>Of the last batch the middle did not reach the disk.</summary>
    private static void Tear(byte[] segment)
    {
        var end = segment.AsSpan().LastIndexOfAnyExcept((byte)0) / 8 * 8 + 8;
        segment.AsSpan(end - 8 * 96, 5 * 96).Clear();
    }

    private static bool IsNoise(string file) =>
        file.EndsWith("LOCK", StringComparison.Ordinal) || file.Contains("spare-", StringComparison.Ordinal)
        || file.Contains("damaged-", StringComparison.Ordinal);

    private static string Describe(LogWorld world)
    {
        var log = world.Log;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"boot {log.Boot.Value}\n");
        text.Append(CultureInfo.InvariantCulture, $"term {log.HardState.Term.Value} vote {log.HardState.VotedFor}\n");
        text.Append(CultureInfo.InvariantCulture, $"base {log.Base} last {log.Last} mode {log.Mode} cut {log.CutBytes}\n");
        text.Append(CultureInfo.InvariantCulture, $"damage {log.Damage}\nlost {log.Lost}\n");
        foreach (var peer in log.Peers) text.Append(CultureInfo.InvariantCulture, $"{peer}\n");
        foreach (var member in log.BaseConfiguration.Members) text.Append(CultureInfo.InvariantCulture, $"{member.Role} {member.Id}\n");
        foreach (var entry in world.Read(log.Base.Index.Value + 1, ulong.MaxValue))
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{entry.Ref.Id} {entry.Ref.Kind} {entry.Payload.Length} bytes {Crc32C.Of(entry.Payload.Span):x8}\n");
        }

        return text.ToString();
    }

    /// <summary>The files of the whole directory, and in their place those that differ in the named one.</summary>
    private static PlainDisk Load(string name)
    {
        if (Environment.GetEnvironmentVariable("BALSA_REWRITE") == "1" && !Directory.Exists(Path.Combine(Folder(), name))) Save(name);
        var disk = new PlainDisk();
        foreach (var part in new[] { "whole", name })
        {
            var folder = Path.Combine(Folder(), part);
            foreach (var file in Directory.GetFiles(folder, "*", SearchOption.AllDirectories))
                disk["/data/" + Path.GetRelativePath(folder, file).Replace('\\', '/')] = File.ReadAllBytes(file);
        }

        disk.MakeDirectory("/data");
        disk.MakeDirectory("/data/wal");
        return disk;
    }

    private static void Save(string name)
    {
        var whole = Make("whole");
        var made = Make(name);
        foreach (var file in made.Names)
        {
            if (name != "whole" && made[file].AsSpan().SequenceEqual(whole[file])) continue;
            var path = Path.Combine(Folder(), name, file["/data/".Length..]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, made[file]);
        }
    }

    private static string LogPath(ulong sequence) => $"/data/wal/{sequence:x16}.wal";

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(Path.GetDirectoryName(here)))!, "Golden", "wal-v1");
}
