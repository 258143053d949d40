using Perennial.Protocol.Sas;
using Perennial.Provisioning.Allocation;
using Perennial.Server.Instances;
using Perennial.Server.Storage;

namespace Perennial.Server.Hubs;

/// <summary>Links hubs to the service while it runs. What is changed is on disk before it takes effect, and leaves rows in the audit trail.</summary>
internal sealed class LinkHubs : IDisposable
{
    /// <summary>Who is said to have made a change that came by the file, or by the command line.</summary>
    public const string FileActor = "linked-hubs.json";

    private readonly SemaphoreSlim _turn = new(1);
    private readonly LinkedHubsFile _file;
    private readonly IReadOnlyList<HubLink> _local;
    private readonly Func<ConnectionString, ILinkedHub> _connect;
    private readonly ILinkLedger _ledger;

    /// <param name="file">Where the links are kept.</param>
    /// <param name="local">The hubs of this process, with the terms they have when the file says nothing of them.</param>
    /// <param name="connect">Makes the way to a hub outside.</param>
    /// <param name="ledger">Remembers the links for the audit trail.</param>
    public LinkHubs(LinkedHubsFile file, IReadOnlyList<HubLink> local, Func<ConnectionString, ILinkedHub> connect, ILinkLedger ledger)
    {
        _file = file;
        _local = local;
        _connect = connect;
        _ledger = ledger;
        Document = file.Read();
        Linked = new LinkedHubs(Links(Document), Terms(Document));
    }

    /// <summary>What allocation chooses from.</summary>
    public LinkedHubs Linked { get; }

    public LinkedHubsDocument Document { get; private set; }

    /// <summary>Every link with its terms, those of this process that the file says nothing of too.</summary>
    public IReadOnlyList<LinkedHubDocument> All =>
        [.. _local.Where(link => Find(link.HostName) is null).Select(Usual), .. Document.Hubs.Where(link => link.ConnectionString is not null || IsLocal(link.HostName))];

    public bool IsLocal(string hostName) => _local.Any(link => Is(link.HostName, hostName));

    public LinkedHubDocument? FindLink(string hostName) => All.FirstOrDefault(link => Is(link.HostName, hostName));

    /// <summary>Writes down what differs from the last time that a server looked.</summary>
    public Task RecordAsync(string actor) => _ledger.RecordAsync(LinkPrints.Of(Document), actor, CancellationToken.None);

    /// <summary>Makes the next document from the one that is kept, writes it, lets it take effect and writes the difference down.</summary>
    public async Task ChangeAsync(Func<LinkedHubsDocument, LinkedHubsDocument> change, string actor, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var next = change(Document);
            _file.Write(next);
            Document = next;
            Linked.Replace(Links(next), Terms(next));
            await RecordAsync(actor);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private LinkedHubDocument? Find(string hostName) => Document.Hubs.FirstOrDefault(link => Is(link.HostName, hostName));

    private static LinkedHubDocument Usual(HubLink link) =>
        new() { HostName = link.HostName, AllocationWeight = link.Weight, ApplyAllocationPolicy = link.AppliesAllocationPolicy };

    // The hubs of this process first, in the order of the command line: static allocation takes the first that is eligible.
    private List<HubLink> Links(LinkedHubsDocument document)
    {
        var kept = document.Hubs.ToDictionary(link => link.HostName, StringComparer.OrdinalIgnoreCase);
        var local = _local.Select(link => kept.TryGetValue(link.HostName, out var terms) ? WithTerms(link, terms) : link);
        var remote = document.Hubs.Where(link => !IsLocal(link.HostName) && link.ConnectionString is not null)
            .Select(link => WithTerms(new HubLink(Connect(link)), link));
        return [.. local, .. remote];
    }

    private ILinkedHub Connect(LinkedHubDocument link) => LinkedHubsFile.TryRead(link.ConnectionString, out var hub, out var fault)
        ? _connect(hub)
        : throw new OperatorException($"The linked hub {link.HostName} cannot be used. {fault}");

    private static HubLink WithTerms(HubLink link, LinkedHubDocument terms) => link with
    {
        Weight = Math.Clamp(terms.AllocationWeight, HubLink.MinWeight, HubLink.MaxWeight),
        AppliesAllocationPolicy = terms.ApplyAllocationPolicy,
    };

    private static AllocationTerms Terms(LinkedHubsDocument document) => new()
    {
        Default = document.AllocationPolicy,
        Latencies = new LatencyTable([.. document.Latencies.Select(row => new LatencyRow(row.RegistrationIdPrefix, row.Milliseconds))]),
    };

    private static bool Is(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
