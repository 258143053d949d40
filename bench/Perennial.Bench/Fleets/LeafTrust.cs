using System.Collections.Concurrent;
using Perennial.Server.Sandbox.Fleet;
using Perennial.Server.Sandbox.Operator;

namespace Perennial.Bench.Fleets;

/// <summary>Individual enrollments, each of which pins its device's leaf.</summary>
internal sealed class LeafTrust(IReadOnlyList<string> enrolled, TimeProvider time) : IFleetTrust
{
    private const int Together = 8;

    private readonly FleetIssuer _issuer = new(time);
    private readonly ConcurrentDictionary<string, DeviceCredential> _first = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DeviceCredential> _next = new(StringComparer.Ordinal);

    public Dictionary<string, object> Request => new(StringComparer.Ordinal) { ["registrationIds"] = enrolled };

    public Task EnrollAsync(FleetOperator @operator, CancellationToken cancellationToken) =>
        EachAsync((id, stop) => @operator.EnrollDeviceAsync(id, First(id).LeafPem, stop), cancellationToken);

    public Task StageAsync(FleetOperator @operator, Action staged, CancellationToken cancellationToken) => EachAsync(
        async (id, stop) =>
        {
            await @operator.StageLeafAsync(id, Next(id).LeafPem, stop);
            staged();
        },
        cancellationToken);

    public ValueTask<IReadOnlyList<DeviceCredential>> FirstAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<DeviceCredential>>([.. ids.Select(First)]);

    public ValueTask<DeviceCredential> NextAsync(SandboxDevice device, CancellationToken cancellationToken) => ValueTask.FromResult(Next(device.Id));

    public DeviceCredential Stranger(string id) => _issuer.IssueIndividual(id);

    public void Dispose()
    {
        foreach (var credential in _first.Values.Concat(_next.Values))
        {
            credential.Dispose();
        }

        _issuer.Dispose();
    }

    private DeviceCredential First(string id) => _first.GetOrAdd(id, _issuer.IssueIndividual);

    private DeviceCredential Next(string id) => _next.GetOrAdd(id, _issuer.IssueIndividual);

    private Task EachAsync(Func<string, CancellationToken, Task> act, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        enrolled, new ParallelOptions { MaxDegreeOfParallelism = Together, CancellationToken = cancellationToken }, async (id, stop) => await act(id, stop));
}
