using Perennial.Provisioning.Enrollments;
using Perennial.Rolling.Rolls;

namespace Perennial.Server.Portal.Rolls;

/// <summary>Rolls in words and colors.</summary>
public static class RollWording
{
    /// <summary>The states in the order of a roll's life.</summary>
    public static IReadOnlyList<RollState> States { get; } =
        [RollState.Draft, RollState.Rehearsed, RollState.Running, RollState.Paused, RollState.Completed, RollState.Aborted];

    public static string ToneOf(Roll roll)
    {
        ArgumentNullException.ThrowIfNull(roll);
        return roll.State switch
        {
            RollState.Running => "info",
            RollState.Paused => roll.HaltReason is null ? "warn" : "bad",
            RollState.Completed => "good",
            _ => string.Empty,
        };
    }

    public static string StateOf(Roll roll)
    {
        ArgumentNullException.ThrowIfNull(roll);
        return roll switch
        {
            { State: RollState.Paused, HaltReason: not null } => "Halted",
            { State: RollState.Running, IsBack: true } => "Rolling back",
            { State: RollState.Completed, IsBack: true } => "Rolled back",
            _ => roll.State.ToString(),
        };
    }

    public static string KindOf(RollKind kind) => kind switch
    {
        RollKind.Leaf => "Leaves",
        RollKind.SigningCertificate => "Signing certificate",
        RollKind.IssuingCa => "Issuing authority",
        _ => kind.ToString(),
    };

    public static string OfferOf(RollOffer? offer) => offer is { } way ? OfferWording.Of(way) : "what their enrollments say";

    public static string WaveOf(int wave) => wave == 0 ? "Canary" : FormattableString.Invariant($"Wave {wave}");

    /// <summary>How a device of a roll stands, in a word.</summary>
    public static string StandingOf(RollDevice device) => device switch
    {
        { IsMoved: true } => "Moved",
        { Waiver: not null } => "Waived",
        { IsEnded: true } => "Over",
        { Failure: not null } => "Failed",
        { Wave: null } => "Pending",
        { IsRefused: true } => "Refused",
        _ => "Told",
    };

    public static string ToneOf(RollDevice device) => StandingOf(device) switch
    {
        "Moved" => "good",
        "Failed" or "Refused" => "bad",
        "Told" => "info",
        _ => string.Empty,
    };

    /// <summary>Why the old certificate has to stay for a device's sake.</summary>
    public static string WhyOf(RollDevice device) => device switch
    {
        { Failure: { } failure } => failure,
        { Wave: null } => "its turn has not come",
        { IsRefused: true } => "it was refused when it was last seen",
        { Seen: { } seen, Offered: { } offered } when seen > offered => "it was told, came back, and still uses the old certificate",
        _ => "it was told and was not seen since",
    };
}
