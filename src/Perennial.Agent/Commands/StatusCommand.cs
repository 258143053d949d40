using System.CommandLine;
using System.Text;
using Perennial.Agent.Clock;
using Perennial.Agent.Configuration;
using Perennial.Agent.Credentials;
using Perennial.Agent.Rolling;

namespace Perennial.Agent.Commands;

/// <summary><c>perennial-agent status</c>: what the journal says. Connects to nothing, and disturbs no agent that runs.</summary>
internal static class StatusCommand
{
    private static readonly Option<bool> Json = new("--json") { Description = "As JSON, for scripts." };

    public static Command Create()
    {
        var command = new Command("status", "Shows the certificate, and when it is rolled next. Ends with 1 when there is none that is valid.")
        {
            AgentOptions.Configuration, Json,
        };
        command.SetAction((line, _) => RunAsync(AgentOptions.Read(line), line.GetValue(Json)));
        return command;
    }

    internal static StatusDocument Describe(AgentConfiguration configuration, AgentState state, DateTimeOffset now)
    {
        var set = state.Credentials;
        var plan = Device.PlanOf(state, configuration);
        return new()
        {
            RegistrationId = state.RegistrationId,
            State = set.Current is not { } current ? "unprovisioned" : now > current.NotAfter ? "expired" : set.Candidate is null ? "valid" : "rolling",
            Hub = state.Hub,
            DeviceId = state.DeviceId,
            Current = set.Current,
            Previous = set.Previous,
            Candidate = set.Candidate,
            NextRoll = plan is null ? null : plan.At < now ? now : plan.At,
            Reason = plan?.Sentence,
            Window = state.Window,
            Attempts = state.Attempts.Failures == 0 ? null : state.Attempts,
            IsPublished = configuration.Publish is null ? null : set.Current is not null && state.Published == set.Current.Thumbprint,
            IsDeployed = configuration.Exec is null ? null : set.Current is not null && state.Deployed == set.Current.Thumbprint,
        };
    }

    private static async Task<int> RunAsync(AgentConfiguration configuration, bool asJson)
    {
        var state = Journal.Peek(configuration.State) ?? new() { RegistrationId = configuration.Provisioning.RegistrationId };
        var status = Describe(configuration, state, new DeviceClock(TimeProvider.System, state.LastGoodTime).GetUtcNow());
        await Console.Out.WriteLineAsync(asJson ? status.ToJson() : TextOf(status));
        return status.State is "valid" or "rolling" ? CommandLine.Done : CommandLine.Failed;
    }

    private static string TextOf(StatusDocument status)
    {
        var text = new StringBuilder();
        Add("device", status.RegistrationId);
        Add("state", status.State);
        Add("hub", status.Hub);
        Add("certificate", status.Current is { } current ? $"{OpenHub.Short(current)}, {Time(current.NotBefore)} to {Time(current.NotAfter)}" : null);
        Add("next", status.Candidate is { } candidate ? $"{candidate.Step}" : null);
        Add("next roll", status.NextRoll is { } at ? $"{Time(at)}: {status.Reason}" : null);
        Add("last failure", status.Attempts is { } attempts ? $"{attempts.Error} ({attempts.Failures} in a row)" : null);
        Add("published", status.IsPublished is { } published ? (published ? "yes" : "not yet") : null);
        Add("hook", status.IsDeployed is { } deployed ? (deployed ? "succeeded" : "not yet") : null);
        return text.ToString().TrimEnd();

        void Add(string name, string? value) => _ = value is null ? text : text.Append(name.PadRight(14)).AppendLine(value);

        static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }
}
