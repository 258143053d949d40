namespace Perennial.Provisioning.Allocation;

/// <summary>A configured table of latencies, from the beginning of registration ids to hubs. The longest beginning that fits decides.</summary>
public sealed class LatencyTable(IReadOnlyList<LatencyRow> rows)
{
    public IReadOnlyList<LatencyRow> Rows { get; } = [.. rows.OrderByDescending(row => row.Prefix.Length)];

    /// <summary>The hubs nearest to the device: several when they are equally near, all of them when the table says nothing of any.</summary>
    public IReadOnlyList<HubLink> Nearest(RegistrationId id, IReadOnlyList<HubLink> eligible)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(eligible);
        var row = Rows.FirstOrDefault(row => id.Value.StartsWith(row.Prefix, StringComparison.OrdinalIgnoreCase));
        var measured = eligible.Select(link => (Link: link, Milliseconds: Of(row, link))).Where(hub => hub.Milliseconds is not null).ToList();
        if (measured.Count == 0)
        {
            return eligible;
        }

        var least = measured.Min(hub => hub.Milliseconds);
        return [.. measured.Where(hub => hub.Milliseconds == least).Select(hub => hub.Link)];
    }

    private static int? Of(LatencyRow? row, HubLink link)
    {
        foreach (var (hostName, milliseconds) in row?.Milliseconds ?? new Dictionary<string, int>())
        {
            if (string.Equals(hostName, link.HostName, StringComparison.OrdinalIgnoreCase))
            {
                return milliseconds;
            }
        }

        return null;
    }
}
