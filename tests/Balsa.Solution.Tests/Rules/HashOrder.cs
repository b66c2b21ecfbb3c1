using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Balsa.Solution.Tests.Rules;

/// <summary>
/// Pure assemblies must not walk through a hash table, and must not lock. The analyzer of banned symbols does not see what a
/// foreach, a spread or a lock statement calls; the compiled assembly names it.
/// </summary>
internal static class HashOrder
{
    private static readonly string[] HashTables = ["Dictionary`2", "HashSet`1", "KeyCollection", "ValueCollection"];

    public static IEnumerable<string> Violations(string assemblyPath)
    {
        using var file = File.OpenRead(assemblyPath);
        using var image = new PEReader(file);
        var metadata = image.GetMetadataReader();
        var names = new TypeNames(metadata);
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var handle in metadata.MemberReferences)
        {
            var member = metadata.GetMemberReference(handle);
            var type = names.Of(member.Parent);
            var name = metadata.GetString(member.Name);
            if (name is "GetEnumerator" or "CopyTo" && HashTables.Any(table => type.Contains(table, StringComparison.Ordinal)))
            {
                found.Add($"{Path.GetFileName(assemblyPath)} enumerates {type}");
            }
            else if (type.Contains("KeyValuePair`2", StringComparison.Ordinal) && name is "get_Key" or "get_Value" or "Deconstruct")
            {
                found.Add($"{Path.GetFileName(assemblyPath)} reads the pairs of a hash table: {type}.{name}");
            }
            else if (type.StartsWith("System.Threading.Monitor", StringComparison.Ordinal))
            {
                found.Add($"{Path.GetFileName(assemblyPath)} locks: {type}.{name}");
            }
        }

        return found;
    }

    /// <summary>The generic definition behind a reference is enough: arguments do not matter here.</summary>
    private sealed class TypeNames(MetadataReader metadata)
    {
        public string Of(EntityHandle handle) => handle.Kind switch
        {
            HandleKind.TypeReference => OfReference((TypeReferenceHandle)handle),
            HandleKind.TypeSpecification => OfSpecification(metadata.GetTypeSpecification((TypeSpecificationHandle)handle)),
            _ => "",
        };

        private string OfReference(TypeReferenceHandle handle)
        {
            var type = metadata.GetTypeReference(handle);
            var name = metadata.GetString(type.Name);
            if (type.ResolutionScope.Kind == HandleKind.TypeReference)
            {
                return $"{OfReference((TypeReferenceHandle)type.ResolutionScope)}.{name}";
            }

            return $"{metadata.GetString(type.Namespace)}.{name}";
        }

        private string OfSpecification(TypeSpecification specification)
        {
            var blob = metadata.GetBlobReader(specification.Signature);
            if (blob.ReadSignatureTypeCode() != SignatureTypeCode.GenericTypeInstance)
            {
                return "";
            }

            // Class or value type, as one byte, then the definition.
            blob.ReadByte();
            return Of(blob.ReadTypeHandle());
        }
    }
}
