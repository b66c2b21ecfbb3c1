using Balsa.Raft.Effects;
using Balsa.Raft.Identity;
using Balsa.Raft.Log;
using Balsa.Storage.Wal;

namespace Balsa.Storage.Tests;

public sealed class FileLogTests
{
    [Fact]
    public void What_was_synced_is_there_after_a_restart()
    {
        using var scratch = new Scratch();
        using (var first = scratch.Open())
        {
            Assert.Equal(1UL, first.Log.Recovered.Boot.Value);
            first.Log.SaveHardState(new HardState(new Term(3), new MemberId(2)));
            Scratch.Append(first.Log, 1, 2, "a");
            Scratch.Append(first.Log, 2, 3, "");
            first.Log.NotePeer(new SeenPeer(new MemberId(2), new Incarnation(7), new Boot(9)));
            first.Log.Sync();
        }

        using var second = scratch.Open();
        var found = second.Log.Recovered;
        Assert.Equal(2UL, found.Boot.Value);
        Assert.Equal(new HardState(new Term(3), new MemberId(2)), found.HardState);
        Assert.Equal(["a", ""], Scratch.Texts(second.Log));
        Assert.Equal(new EntryId(new Term(3), new LogIndex(2)), found.Entries[1].Ref.Id);
        Assert.Equal([new SeenPeer(new MemberId(2), new Incarnation(7), new Boot(9))], found.Peers);
        Assert.Equal(0, found.CutBytes);
    }

    [Fact]
    public void A_truncation_takes_the_entries_from_its_index_on()
    {
        using var scratch = new Scratch();
        using (var first = scratch.Open())
        {
            for (ulong i = 1; i <= 4; i++) Scratch.Append(first.Log, i, 1, $"old {i}");
            first.Log.TruncateFrom(new LogIndex(3));
            Scratch.Append(first.Log, 3, 2, "new 3");
            first.Log.Sync();
        }

        using var second = scratch.Open();
        Assert.Equal(["old 1", "old 2", "new 3"], Scratch.Texts(second.Log));
    }

    [Fact]
    public void A_tail_torn_at_any_byte_is_cut_and_nothing_before_it_is_lost()
    {
        using var scratch = new Scratch();
        long synced;
        using (var first = scratch.Open())
        {
            Scratch.Append(first.Log, 1, 1, "kept");
            first.Log.Sync();
            synced = first.Log.Bytes;
            Scratch.Append(first.Log, 2, 1, "the last record");
            first.Log.Sync();
        }

        var whole = File.ReadAllBytes(scratch.LogPath);
        for (var length = (int)synced; length < whole.Length; length++)
        {
            File.WriteAllBytes(scratch.LogPath, whole[..length]);
            using var opened = scratch.Open();
            Assert.Equal(["kept"], Scratch.Texts(opened.Log));
            Assert.Equal(length - synced, opened.Log.Recovered.CutBytes);
        }
    }

    [Fact]
    public void A_last_record_with_a_wrong_byte_is_cut_and_the_log_goes_on_behind_it()
    {
        using var scratch = new Scratch();
        long synced;
        using (var first = scratch.Open())
        {
            Scratch.Append(first.Log, 1, 1, "kept");
            first.Log.Sync();
            synced = first.Log.Bytes;
            Scratch.Append(first.Log, 2, 1, "never acknowledged");
            first.Log.Sync();
        }

        var whole = File.ReadAllBytes(scratch.LogPath);
        for (var at = (int)synced; at < whole.Length; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 0x40;
            File.WriteAllBytes(scratch.LogPath, damaged);
            using (var cut = scratch.Open())
            {
                Assert.Equal(["kept"], Scratch.Texts(cut.Log));
                Scratch.Append(cut.Log, 2, 2, "written instead");
                cut.Log.Sync();
            }

            using var again = scratch.Open();
            Assert.Equal(["kept", "written instead"], Scratch.Texts(again.Log));
        }
    }

    [Fact]
    public void A_wrong_byte_before_the_last_batch_refuses_to_start_and_changes_nothing()
    {
        using var scratch = new Scratch();
        long synced;
        using (var first = scratch.Open())
        {
            Scratch.Append(first.Log, 1, 1, "durable");
            first.Log.Sync();
            synced = first.Log.Bytes;
            Scratch.Append(first.Log, 2, 1, "later");
            first.Log.Sync();
        }

        var whole = File.ReadAllBytes(scratch.LogPath);
        for (var at = 0; at < synced; at++)
        {
            var damaged = (byte[])whole.Clone();
            damaged[at] ^= 1;
            File.WriteAllBytes(scratch.LogPath, damaged);
            var problem = Assert.Throws<StorageException>(() => scratch.Open());
            Assert.Contains("damaged", problem.Message, StringComparison.Ordinal);
            Assert.Equal(damaged, File.ReadAllBytes(scratch.LogPath));
        }
    }

    [Fact]
    public void After_a_clean_stop_even_the_last_record_may_not_be_damaged()
    {
        using var scratch = new Scratch();
        long end;
        using (var first = scratch.Open())
        {
            Scratch.Append(first.Log, 1, 1, "durable");
            first.Log.Sync();
            end = first.Log.Bytes;
            first.Log.Close();
        }

        var whole = File.ReadAllBytes(scratch.LogPath);
        whole[end - 1] ^= 1;
        File.WriteAllBytes(scratch.LogPath, whole);
        Assert.Throws<StorageException>(() => scratch.Open());
    }

    [Fact]
    public void A_value_that_looks_like_a_record_is_not_one()
    {
        using var scratch = new Scratch();
        // A record sealed for another directory, stored as a value whose own record is then torn.
        var forged = new byte[RecordFrame.HeaderBytes];
        RecordFrame.Seal(forged, RecordKind.Close, default, ulong.MaxValue, new Incarnation(0xBAD));
        long synced;
        using (var first = scratch.Open())
        {
            synced = first.Log.Bytes;
            var entry = new EntryRef(
                new EntryId(new Term(1), new LogIndex(1)), EntryKind.Data, (uint)forged.Length, Crc32C.Of(forged), default);
            first.Log.Append(entry, forged);
            first.Log.Sync();
        }

        var whole = File.ReadAllBytes(scratch.LogPath);
        whole[synced + 8] ^= 0x80;
        File.WriteAllBytes(scratch.LogPath, whole);
        using var opened = scratch.Open();
        Assert.Empty(opened.Log.Recovered.Entries);
    }

    [Fact]
    public void A_log_whose_write_failed_is_not_used_again()
    {
        using var scratch = new Scratch();
        var directory = scratch.Open();
        directory.Log.Dispose();
        Scratch.Append(directory.Log, 1, 1, "nowhere");
        Assert.ThrowsAny<Exception>(directory.Log.Sync);
        Assert.Throws<StorageException>(directory.Log.Sync);
        directory.Dispose();
    }
}
