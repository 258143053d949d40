using Perennial.X509;

namespace Perennial.Provisioning.Blocks;

/// <summary>Why a device of a drain is given no certificate now. Each has a page <c>docs/refusals/{number}.md</c>.</summary>
public static class DrainRefusals
{
    public static RefusalReason NotItsTurn { get; } = new(
        3017,
        "not-its-turn",
        "The device may obtain a new certificate, but not yet: the drain lets devices through by its order and rate.",
        "Let the device ask again after the wait that it is told; save the block with a higher ratePerMinute, or with the device in 'first'.");

    public static RefusalReason NotSeenBefore { get; } = new(
        3018,
        "not-seen-before-the-drain",
        "The device came with a leaf that it was not accepted with before the drain began.",
        "Whoever stole the key can make such leaves. When the device is yours, give it a certificate by another way, or save the block with takesUnseen.");

    public static RefusalReason IssuerBlocked { get; } = new(
        3019,
        "issuer-is-blocked",
        "The authority that would issue the device's next certificate is blocked or drained itself.",
        "Let the enrollment name a certificate profile of another issuer, then the device asks again by itself.");

    /// <summary>Every reason above.</summary>
    public static IReadOnlyList<RefusalReason> All { get; } = [NotItsTurn, NotSeenBefore, IssuerBlocked];
}
