using Perennial.Provisioning;

namespace Perennial.Server.Http;

/// <summary>A page of the objects that a filter accepts, read in the order of their keys. It may end early, with a continuation.</summary>
internal static class FilteredPage
{
    private const int Batch = 250;

    /// <param name="page">What is asked for.</param>
    /// <param name="accepts">The filter; null for every object.</param>
    /// <param name="list">Reads a page of all objects.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Page<T>> ReadAsync<T>(
        PageRequest page, Func<T, bool>? accepts, Func<PageRequest, CancellationToken, Task<Page<T>>> list, CancellationToken cancellationToken)
    {
        if (accepts is null)
        {
            return await list(page, cancellationToken);
        }

        var items = new List<T>();
        var after = page.After;
        for (var scanned = 0; scanned < QueryFilter.MaxScanned; scanned += Batch)
        {
            var part = await list(new PageRequest(after, Batch), cancellationToken);
            for (var i = 0; i < part.Items.Count; i++)
            {
                if (accepts(part.Items[i]))
                {
                    items.Add(part.Items[i]);
                }

                if (items.Count == page.Size)
                {
                    return new Page<T>(items, (await list(new PageRequest(after, i + 1), cancellationToken)).Next);
                }
            }

            after = part.Next;
            if (after is null)
            {
                break;
            }
        }

        return new Page<T>(items, after);
    }
}
