using Balsa.Storage.Probes;
using Balsa.Storage.Steps;

namespace Balsa.Storage.Opening;

/// <summary>The file that says whose directory it is.</summary>
internal sealed class IdentityFile<TProbe>(string directory, IoStep io) where TProbe : struct, IStorageProbe
{
    private readonly string _path = Path.Combine(directory, DirectoryNames.Identity);

    internal DirectoryIdentity? Found { get; private set; }

    internal IEnumerable<IoStep> Read()
    {
        var file = new StoredFile(_path);
        yield return io.OpenToRead(IoSite.ReadIdentity, file);
        io.OrRefuse(directory);
        var bytes = new byte[DirectoryIdentity.BytesMax];
        yield return io.Read(IoSite.ReadIdentity, file, 0, bytes);
        io.OrRefuse(directory);
        Found = DirectoryIdentity.TryRead(bytes.AsSpan(0, (int)io.Count), !default(TProbe).Plants(StorageMutant.IdentityChecksumIgnored));
        yield return io.Close(file);
        _ = io.Error;
        if (Found is not null) yield break;
        throw new StorageException(
            $"{_path} is damaged or of a newer version, so nobody can say whose data this is. Restore the file, or replace this member.");
    }

    internal IEnumerable<IoStep> Write(DirectoryIdentity owner) => new SmallFile(directory, DirectoryNames.Identity, io)
        .Write(owner.ToBytes(), syncs: !default(TProbe).Plants(StorageMutant.IdentityNotSynced));
}
