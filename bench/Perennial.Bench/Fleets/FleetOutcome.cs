using System.Globalization;
using Perennial.Protocol.Rolling;

namespace Perennial.Bench.Fleets;

/// <summary>What came of a roll of a fleet.</summary>
internal sealed record FleetOutcome
{
    /// <summary>What a device may be without a connection for the sake of a roll, 99 of 100 devices.</summary>
    public static readonly TimeSpan GapGoal = TimeSpan.FromSeconds(1);

    public required FleetScenario Scenario { get; init; }

    /// <summary>The roll as the service told it in the end.</summary>
    public required RollDocument Roll { get; init; }

    public required long Sent { get; init; }

    public required long Lost { get; init; }

    /// <summary>Messages that the feed has twice: acknowledged by a connection that ended before the device heard of it.</summary>
    public required long Duplicated { get; init; }

    /// <summary>Lines of the feed that no device of the fleet has sent.</summary>
    public required long Foreign { get; init; }

    /// <summary>Times that a device, or the probe of one, was refused with everything that it held.</summary>
    public required int WithoutCredential { get; init; }

    /// <summary>Probes that were accepted while the roll ran.</summary>
    public required int Probes { get; init; }

    /// <summary>Devices without a connection in the end.</summary>
    public required int Disconnected { get; init; }

    /// <summary>Devices that were told to roll.</summary>
    public required int Told { get; init; }

    /// <summary>Devices that showed a retired certificate in the end and were taken, of <see cref="FleetScenario.Probed"/>.</summary>
    public required int RetiredButTaken { get; init; }

    /// <summary>Devices that showed what they held in the end and were refused.</summary>
    public required int HeldButRefused { get; init; }

    /// <summary>Whether the old certificate was retired while a device was offline.</summary>
    public required bool IsRetiredTooEarly { get; init; }

    /// <summary>The steps in which the server was killed.</summary>
    public required IReadOnlyCollection<string> Kills { get; init; }

    /// <summary>The longest time without a connection of each device that had to do with no outage, ascending.</summary>
    public required IReadOnlyList<TimeSpan> Gaps { get; init; }

    /// <summary>The longest time without a connection of each device that had to do with an outage, ascending.</summary>
    public required IReadOnlyList<TimeSpan> GapsOfOutages { get; init; }

    /// <summary>The longest time from a kill until the server was ready again.</summary>
    public required TimeSpan LongestOutage { get; init; }

    /// <summary>From the start of the roll until the last device had moved; zero when not all have.</summary>
    public required TimeSpan Took { get; init; }

    public required IReadOnlyList<KeyValuePair<string, int>> Refusals { get; init; }

    public TimeSpan GapOf99 => Gaps[(int)Math.Ceiling(0.99 * Gaps.Count) - 1];

    public double DevicesPerSecond => Took > TimeSpan.Zero ? Scenario.Devices / Took.TotalSeconds : 0;

    /// <summary>What went wrong, one sentence each; empty when the promise was kept.</summary>
    public IReadOnlyList<string> Faults()
    {
        var (offered, moved) = (Roll.Progress?.Offered, Roll.Progress?.Moved);
        (bool IsWrong, string Sentence)[] checks =
        [
            (Lost > 0, $"{Lost} of {Sent} messages were lost."),
            (Foreign > 0, $"{Foreign} messages in the feed were sent by no device."),
            (WithoutCredential > 0, $"{WithoutCredential} times a device held no valid credential."),
            (Probes == 0, "No probe of a credential was accepted."),
            (Disconnected > 0, $"{Disconnected} devices ended without a connection."),
            (HeldButRefused > 0, $"{HeldButRefused} devices were refused in the end."),
            (IsRetiredTooEarly, "The old certificate was retired while a device was offline."),
            (GapOf99 > GapGoal && !Scenario.BreaksFirst, string.Create(CultureInfo.InvariantCulture, $"One device in a hundred was away for {GapOf99.TotalMilliseconds:0} ms or more.")),
            (!Scenario.IsBad && Roll.State != "completed", $"The roll is {Roll.State}, with {moved} of {offered} offered devices moved. {Roll.HaltReason}"),
            (!Scenario.IsBad && moved != Scenario.Devices, $"{moved} of {Scenario.Devices} devices moved."),
            (!Scenario.IsBad && RetiredButTaken > 0, $"{RetiredButTaken} times a retired certificate was taken."),
            (Scenario.IsBad && Roll.State != "paused", $"The roll with the bad canary is {Roll.State}."),
            (Scenario.IsBad && (offered > Scenario.Canary || Told > Scenario.Canary), $"{offered} devices were touched and {Told} told; the canary are {Scenario.Canary}."),
            (Scenario.IsBad && moved > 0, $"{moved} devices moved to a certificate that nobody enrolled."),
        ];
        return [.. checks.Where(check => check.IsWrong).Select(check => check.Sentence)];
    }
}
