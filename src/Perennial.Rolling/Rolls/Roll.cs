using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Rolling.Rolls;

/// <summary>A roll: what is replaced, how, and how far it has come.</summary>
public sealed record Roll
{
    /// <summary>Names the roll among all: letters, digits and dashes, at most 64; compared without case.</summary>
    public required string Id { get; init; }

    public required RollKind Kind { get; init; }

    public required RollReason Reason { get; init; }

    public required RollPlan Plan { get; init; }

    public required RollState State { get; init; }

    /// <summary>The group whose signing certificate is rolled; null for leaves.</summary>
    public EnrollmentKey? Group { get; init; }

    /// <summary>The issuer whose authority is rolled; null for other kinds.</summary>
    public string? Issuer { get; init; }

    /// <summary>The slot of the authority that is to be retired; null for other kinds.</summary>
    public string? OldIssuer { get; init; }

    /// <summary>The slot of the authority that follows it; null for other kinds.</summary>
    public string? NewIssuer { get; init; }

    /// <summary>The signing certificate that is to be retired; null for leaves, of which each device has its own.</summary>
    public Thumbprint? Old { get; init; }

    /// <summary>The signing certificate that devices are to use; null for leaves, which are any but the old one.</summary>
    public Thumbprint? New { get; init; }

    /// <summary>The wave that is under way; 0 is the canary.</summary>
    public int Wave { get; init; }

    /// <summary>Why it was halted; null when it was not.</summary>
    public string? HaltReason { get; init; }

    /// <summary>Whether it is rolled back: devices that moved are offered to go back, and then the new certificate is retired instead of the old one.</summary>
    public bool IsBack { get; init; }

    /// <summary>When it was hastened; null when it was not. From then on the windows of its offers have begun already.</summary>
    public DateTimeOffset? Hastened { get; init; }

    /// <summary>The signing certificate that is taken out in the end; null for leaves.</summary>
    public Thumbprint? Retiring => IsBack ? New : Old;

    /// <summary>The signing certificate that devices are to be seen with; null for leaves.</summary>
    public Thumbprint? Keeping => IsBack ? Old : New;

    /// <summary>Counts its changes; a save names the number that was read.</summary>
    public int Version { get; init; }

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    /// <summary>Why it was started without a rehearsal that found nothing to block it; null when it was rehearsed, or is not started.</summary>
    public string? WithoutRehearsal { get; init; }

    /// <summary>Whether it was not started yet, so that its plan can be replaced.</summary>
    public bool IsPlanned => State is RollState.Draft or RollState.Rehearsed;

    public bool IsOver => State is RollState.Completed or RollState.Aborted;

    /// <summary>Whether the text can be the id of a roll.</summary>
    public static bool IsId([NotNullWhen(true)] string? text) =>
        text is { Length: > 0 and <= 64 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');
}
