using System.Diagnostics.Metrics;

namespace Perennial.Server.Metrics;

/// <summary>What one server measures. Labels come from small fixed sets: none is the id of a device.</summary>
internal sealed class Measures : IDisposable
{
    public const string MeterName = "Perennial";

    private const string None = "none";

    private readonly Meter _meter;
    private readonly Counter<long> _registrations;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _signIns;
    private readonly Histogram<double> _issueDuration;
    private readonly Lock _gate = new();
    private readonly List<(string Transport, Func<int> Held)> _connections = [];

    public Measures()
    {
        _meter = new Meter(MeterName, version: null, tags: null, scope: this);
        _registrations = _meter.CreateCounter<long>("perennial.registrations", "{registration}", "Registrations by result and reason.");
        _refusals = _meter.CreateCounter<long>("perennial.refusals", "{refusal}", "Refusals by number and reason.");
        _signIns = _meter.CreateCounter<long>("perennial.portal.sign_ins", "{attempt}", "Attempts to sign in to the portal, by result.");
        _issueDuration = _meter.CreateHistogram(
            "perennial.issue.duration",
            "s",
            "What issuing a certificate took, by result.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        _meter.CreateObservableGauge("perennial.connections", Connections, "{connection}", "Connections held now, by transport.");
        _meter.CreateObservableGauge(
            "perennial.certificates.expiring", Expiring, "{certificate}", "Certificates that end within so many days and have not ended yet, by kind.");
        _meter.CreateObservableGauge("perennial.devices", Devices, "{device}", "Devices by how they stand with their certificates.");
    }

    /// <summary>Devices by state in one word, as they were counted last; empty until then.</summary>
    public IReadOnlyList<(string State, long Devices)> States { get; set; } = [];

    /// <summary>When certificates end, as it was counted last; empty when it could not be counted.</summary>
    public IReadOnlyList<ExpiryCount> Expiry { get; set; } = [];

    /// <summary>Whether this server feeds the instrument: one of its own, or one of the whole process.</summary>
    public bool Owns(Instrument instrument) => instrument.Meter.Scope is null || ReferenceEquals(instrument.Meter.Scope, this);

    /// <param name="result">One word.</param>
    /// <param name="reason">The name of the refusal; null for none.</param>
    public void Registered(string result, string? reason) =>
        _registrations.Add(1, new KeyValuePair<string, object?>("result", result), new KeyValuePair<string, object?>("reason", reason ?? None));

    public void Refused(int number, string reason) =>
        _refusals.Add(1, new KeyValuePair<string, object?>("number", number), new KeyValuePair<string, object?>("reason", reason));

    /// <param name="result">One word.</param>
    public void SignedIn(string result) => _signIns.Add(1, new KeyValuePair<string, object?>("result", result));

    public void Issued(string result, TimeSpan duration) =>
        _issueDuration.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("result", result));

    /// <summary>Shows what a transport holds from now on.</summary>
    public void ShowConnections(string transport, Func<int> held)
    {
        lock (_gate)
        {
            _connections.Add((transport, held));
        }
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> Connections()
    {
        lock (_gate)
        {
            return [.. _connections.Select(shown => new Measurement<int>(shown.Held(), new KeyValuePair<string, object?>("transport", shown.Transport)))];
        }
    }

    private IEnumerable<Measurement<long>> Devices() =>
        States.Select(count => new Measurement<long>(count.Devices, new KeyValuePair<string, object?>("state", count.State)));

    private IEnumerable<Measurement<long>> Expiring() => Expiry.Select(count => new Measurement<long>(
        count.Certificates,
        new KeyValuePair<string, object?>("kind", count.Kind),
        new KeyValuePair<string, object?>("within", $"{count.Days}d")));
}
