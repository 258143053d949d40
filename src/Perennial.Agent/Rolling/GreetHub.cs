using System.Text.Json.Nodes;
using Perennial.Agent.Connections;
using Perennial.Agent.Credentials;
using Perennial.Protocol.Hub;
using Perennial.Protocol.Rolling;

namespace Perennial.Agent.Rolling;

/// <summary>What the agent does with a connection: it reads the window out of the desired properties, and reports the certificate in use.</summary>
internal sealed class GreetHub(Device device)
{
    private const string Reported = "certificate";

    /// <summary>A hub without twins for this device is no fault.</summary>
    public async Task ExecuteAsync(HubConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            if (await connection.ReadTwinAsync(cancellationToken) is { } twin)
            {
                KeepWindow(twin);
                KeepBack(twin);
                await ReportAsync(connection, twin, cancellationToken);
            }
        }
        catch (ExchangeException failure) when (failure.Kind == FailureKind.Refused)
        {
            device.Log.Tell($"No twin: {failure.Message}.");
        }
    }

    private void KeepWindow(DeviceTwinDocument twin)
    {
        var window = RollWindow.From(RollWindowDocument.Find(twin.Desired));
        if (window == device.State.WindowOfTwin)
        {
            return;
        }

        if (window is null)
        {
            device.Journal.Write(state => state with { Window = state.IsWindowOfTwin ? null : state.Window, IsWindowOfTwin = false, WindowOfTwin = null });
            return;
        }

        device.Journal.Write(state => state with { Window = window, IsWindowOfTwin = true, WindowOfTwin = window });
        device.Log.Tell($"The service wants the certificate rolled {window}.");
    }

    private void KeepBack(DeviceTwinDocument twin)
    {
        var window = RollWindow.From(RollWindowDocument.FindBack(twin.Desired));
        if (window == device.State.BackOfTwin)
        {
            return;
        }

        if (window is null)
        {
            device.Journal.Write(state => state with { Back = state.Back?.Window == state.BackOfTwin ? null : state.Back, BackOfTwin = null });
            return;
        }

        device.Journal.Write(state => state with { Back = state.Back?.Window == window ? state.Back : new() { Window = window }, BackOfTwin = window });
        device.Log.Tell($"The service wants the certificate before, {window}.");
    }

    private async Task ReportAsync(HubConnection connection, DeviceTwinDocument twin, CancellationToken cancellationToken)
    {
        var report = new JsonObject();
        if (device.Credentials.Current is { } current && Member(twin, Reported, "thumbprint") != current.Thumbprint)
        {
            report[Reported] = new JsonObject
            {
                ["validFrom"] = Text(current.NotBefore),
                ["validUntil"] = Text(current.NotAfter),
                ["thumbprint"] = current.Thumbprint,
            };
        }

        if (FindRollReport(twin) is { } roll)
        {
            report[RollReportDocument.Member] = roll.ToMember();
        }

        if (report.Count > 0 && !await connection.ReportAsync(report, cancellationToken))
        {
            device.Log.Tell("The hub does not take the report of the certificate.");
        }
    }

    // A failure is told until an attempt succeeds.
    private RollReportDocument? FindRollReport(DeviceTwinDocument twin)
    {
        var hasToldFailure = Member(twin, RollReportDocument.Member, "state") == RollReportDocument.Failed;
        if (device.State.Attempts is not { LastFailure: not null } attempts)
        {
            return hasToldFailure ? new() { State = RollReportDocument.Succeeded } : null;
        }

        var report = new RollReportDocument { State = RollReportDocument.Failed, Code = attempts.Code, Message = attempts.Error };
        return report.ToMember().All(member => (string?)member.Value == Member(twin, RollReportDocument.Member, member.Key)) ? null : report;
    }

    private static string? Member(DeviceTwinDocument twin, string member, string name) =>
        (twin.Reported[member] as JsonObject)?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string Text(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
