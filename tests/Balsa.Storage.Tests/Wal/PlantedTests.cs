using Balsa.Storage.Opening;
using Balsa.Storage.Probes;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Tests.Wal;

/// <summary>Planted mistakes that no drill can show, because what they overlook carries nothing: found here by name.</summary>
public sealed class PlantedTests
{
    private const string First = "/data/wal/0000000000000001.wal";

    [Fact]
    public void A_wrong_digit_in_the_checksum_of_the_identity_is_noticed()
    {
        var world = new LogWorld().Open().Stop();
        world.Disk["/data/identity"][^2] ^= 1;
        Assert.Throws<StorageException>(() => Open<NoStorageProbe>(world));
        Assert.Null(Open<IgnoresIdentity>(world).Damage);
    }

    [Fact]
    public void A_byte_in_the_padding_of_a_record_is_noticed()
    {
        var world = new LogWorld().Open().Append(1, 1, bytes: 20).Append(2, 2).FallIdle();
        // Records end at multiples of eight, and 56 + 20 do not.
        var second = world.Disk[First].AsSpan().LastIndexOfAnyExcept((byte)0) / 8 * 8 + 8 - 80;
        world.Disk[First][second - 1] ^= 1;
        var copy = new LogWorld { Disk = world.Disk.Copy() };
        Assert.Null(Open<IgnoresPadding>(copy).Damage);
        Assert.NotNull(Open<NoStorageProbe>(world).Damage);
    }

    private static OpenedLog Open<TProbe>(LogWorld world) where TProbe : struct, IStorageProbe
    {
        world.Disk.Kill();
        var opener = new DirectoryOpener<TProbe>(new OpeningOptions { Path = LogWorld.Path, Wal = world.Options });
        foreach (var step in opener.Run()) world.Disk.Execute(step);
        return opener.Opened!.Log;
    }

    private readonly struct IgnoresIdentity : IStorageProbe
    {
        public bool Plants(StorageMutant mutant) => mutant == StorageMutant.IdentityChecksumIgnored;
    }

    private readonly struct IgnoresPadding : IStorageProbe
    {
        public bool Plants(StorageMutant mutant) => mutant == StorageMutant.PaddingIgnored;
    }
}
