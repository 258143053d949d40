using Perennial.Protocol.Sas;
using Perennial.Server.Instances;

namespace Perennial.Server.Remote;

/// <summary>A server and the connection strings that open it: of provisioning, and of its hubs.</summary>
internal sealed class ServiceConnection : IDisposable
{
    private readonly IReadOnlyDictionary<string, ConnectionString> _hubs;
    private readonly TimeProvider _time;
    private ServiceApi? _hub;

    /// <param name="address">Where it listens.</param>
    /// <param name="provisioning">For the provisioning service.</param>
    /// <param name="hubs">By the names that operators use.</param>
    /// <param name="time">The clock.</param>
    public ServiceConnection(
        ServiceAddress address, ConnectionString provisioning, IReadOnlyDictionary<string, ConnectionString> hubs, TimeProvider time)
    {
        Address = address;
        _hubs = hubs;
        _time = time;
        Provisioning = ServiceApi.OfProvisioning(address, provisioning, time);
    }

    public ServiceAddress Address { get; }

    public ServiceApi Provisioning { get; }

    public IEnumerable<string> HubNames => _hubs.Keys;

    /// <summary>The registry of one hub, or of the only one.</summary>
    public ServiceApi Hub(string? name)
    {
        if (_hub is not null)
        {
            return _hub;
        }

        var known = string.Join(", ", _hubs.Keys);
        var access = name switch
        {
            null when _hubs.Count == 0 => throw new OperatorException(
                "this login knows no hub. Log in again with --hub-connection-string-file."),
            null when _hubs.Count > 1 => throw new OperatorException($"there are several hubs ({known}): say which with --hub."),
            null => _hubs.Values.Single(),
            _ => _hubs.FirstOrDefault(hub => string.Equals(hub.Key, name, StringComparison.OrdinalIgnoreCase) || string.Equals(hub.Value.Host, name, StringComparison.OrdinalIgnoreCase)).Value
                ?? throw new OperatorException($"there is no hub '{name}'; there are: {known}."),
        };
        return _hub = ServiceApi.OfHub(Address, access, _time);
    }

    public void Dispose()
    {
        Provisioning.Dispose();
        _hub?.Dispose();
    }
}
