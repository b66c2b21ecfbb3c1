using Balsa.KeyValue.Answers;
using Balsa.KeyValue.Store;
using Balsa.KeyValue.Wire;
using Balsa.Server.Protocol;

namespace Balsa.Server.Clients;

/// <summary>
/// Reads keys of one view in small pages, until there are enough of them or of their bytes: values may be large, and nobody
/// should hold thousands of them to show how long they are.
/// </summary>
internal static class PagedRead
{
    private const int PageKeys = 64, ListMax = 10_000, ListBytesMax = 4 << 20;

    internal static ClientResponse Run(StoreView view, ClientRequest request)
    {
        var isGet = request.Op == ClientOperation.Get || request.WithValues;
        var limit = request.IsPrefix ? Math.Clamp(request.Limit, 1, ListMax) : 1;
        var (values, buffer, bytes) = (new List<ClientValue>(), new ByteWriter(), 0L);
        var first = StoreRequests.FirstOf(request);
        var (count, isFull, more) = (-1L, false, true);
        while (more && !isFull && values.Count < limit)
        {
            buffer.Clear();
            view.Range(StoreRequests.QueryOf(request, first, Math.Min(PageKeys, limit - values.Count)), buffer);
            var page = Answer.ReadRange(buffer.Written);
            if (page.Error != StoreError.None) return StoreRequests.Refused(page, view.Compacted);
            if (count < 0) count = page.Count;
            more = page.More;
            foreach (var value in page.Values)
            {
                bytes += value.Key.Length + (isGet ? value.Value.Length : 0);
                if (isFull = values.Count > 0 && bytes > ListBytesMax) break;
                values.Add(StoreRequests.ValueOf(value, isGet));
                // The smallest key above this one is this one with a zero behind it.
                first = [.. value.Key, 0];
            }
        }

        return new ClientResponse
        {
            Outcome = ClientOutcome.Done, Revision = view.Revision, Existed = values.Count > 0, Values = values, Count = count,
            More = more || isFull,
        };
    }
}
