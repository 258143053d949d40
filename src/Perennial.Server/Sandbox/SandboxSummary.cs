namespace Perennial.Server.Sandbox;

/// <summary>What came of a run.</summary>
internal sealed record SandboxSummary
{
    public required int Devices { get; init; }

    /// <summary>Registration records, counted through the service API.</summary>
    public required int Registrations { get; init; }

    public required long Sent { get; init; }

    public required long Received { get; init; }

    public required long Lost { get; init; }

    public required long Duplicated { get; init; }

    /// <summary>Lines of the feed that no device of the fleet has sent.</summary>
    public required long Foreign { get; init; }

    /// <summary>Devices without a connection when the story ended.</summary>
    public required int Disconnected { get; init; }

    /// <summary>Enrollments whose old certificate could not be retired.</summary>
    public required int NotRetired { get; init; }

    /// <summary>Probes in which a retired certificate was still taken.</summary>
    public required int RetiredButTaken { get; init; }

    /// <summary>Whether a retirement before the proof was complete was refused.</summary>
    public required bool UnprovenIsRefused { get; init; }

    /// <summary>The longest time without a connection of each device, ascending.</summary>
    public required IReadOnlyList<TimeSpan> LongestGaps { get; init; }

    public required IReadOnlyList<KeyValuePair<string, int>> Refusals { get; init; }

    /// <summary>What went wrong, one sentence each; empty when the promise was kept.</summary>
    public IReadOnlyList<string> Faults()
    {
        (bool IsWrong, string Sentence)[] checks =
        [
            (Lost > 0, $"{Lost} of {Sent} messages were lost."),
            (Foreign > 0, $"{Foreign} messages in the feed were sent by no device."),
            (Registrations != Devices, $"{Devices} devices have {Registrations} registrations."),
            (Disconnected > 0, $"{Disconnected} devices ended without a connection."),
            (NotRetired > 0, $"{NotRetired} old certificates could not be retired."),
            (RetiredButTaken > 0, $"{RetiredButTaken} times a retired certificate was taken."),
            (!UnprovenIsRefused, "A certificate was retired before every device had proven the new one."),
        ];
        return [.. checks.Where(check => check.IsWrong).Select(check => check.Sentence)];
    }
}
