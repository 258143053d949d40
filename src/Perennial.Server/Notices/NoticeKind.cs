namespace Perennial.Server.Notices;

/// <summary>What a notice tells. The numbers are bits, and are stored.</summary>
[Flags]
internal enum NoticeKind
{
    None = 0,

    /// <summary>Certificates end within 30, 7 or 1 days: <c>certificate.expiring</c>.</summary>
    CertificateExpiring = 1,

    /// <summary>More devices than before are overdue with their roll: <c>device.overdue</c>.</summary>
    DeviceOverdue = 2,

    /// <summary>Refusals came in a burst: <c>refusal.burst</c>.</summary>
    RefusalBurst = 4,

    /// <summary>A roll changed its state: <c>roll.state</c>.</summary>
    RollState = 8,

    /// <summary>An operator asked for it, to see whether it arrives: <c>test</c>.</summary>
    Test = 16,

    All = CertificateExpiring | DeviceOverdue | RefusalBurst | RollState | Test,
}
