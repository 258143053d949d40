namespace Perennial.Rolling.Rehearsals;

/// <summary>What is wrong with a plan. The word on the wire is the name, and storage keeps the number: a new one comes last, and none is renamed.</summary>
public enum FindingKind
{
    /// <summary>The roll has no device: it never ends.</summary>
    NoDevices,

    /// <summary>The enrollment does not hold both certificates.</summary>
    NotStaged,

    /// <summary>The enrollment is disabled: it refuses every device.</summary>
    EnrollmentDisabled,

    /// <summary>The new certificate has the key of the old one.</summary>
    SameKey,

    /// <summary>Old and new signing certificate have one subject and no key identifiers to tell them apart.</summary>
    SameSubject,

    /// <summary>The chain that devices will present lacks a certificate between leaf and anchor.</summary>
    MissingIntermediate,

    /// <summary>The new chain is refused for another reason.</summary>
    NewRefused,

    /// <summary>What devices obtain is taken by the old certificate, so nobody ever moves.</summary>
    WrongAuthority,

    /// <summary>The leaf of the specimen names a device that is none of the roll.</summary>
    CommonNameChanged,

    /// <summary>The new chain is longer than what devices are known to hold.</summary>
    ChainTooLong,

    /// <summary>Nothing shows what devices will present; a leaf directly below the new certificate is assumed.</summary>
    NewChainAssumed,

    /// <summary>An authority above the new leaf ends before the leaf.</summary>
    IssuerOutlived,

    /// <summary>The new certificate ends before the old one.</summary>
    NewEndsFirst,

    /// <summary>The profile of the enrollment names an issuer that cannot issue.</summary>
    NoIssuer,

    /// <summary>The clock of some devices lies before the beginning of what they are issued.</summary>
    ClockBehind,

    /// <summary>The canary names what is no device of the roll.</summary>
    CanaryUnknown,

    /// <summary>A device of the canary is not reached.</summary>
    CanarySilent,

    /// <summary>A class of chains has no device in the canary.</summary>
    CanaryNotRepresentative,

    /// <summary>A wave is watched for less time than its devices are silent between two contacts.</summary>
    SoakTooShort,

    /// <summary>The window that devices are told is over before they come.</summary>
    WindowTooShort,

    /// <summary>No maintenance window opens.</summary>
    WindowsNeverOpen,

    /// <summary>Devices lose access before their turn, or before they have moved.</summary>
    TooLate,

    /// <summary>The roll is not done before the old certificate ends.</summary>
    TooSlow,

    /// <summary>The gate of a wave is not reached.</summary>
    GateUnreachable,

    /// <summary>The roll halts.</summary>
    Halts,

    /// <summary>A limit cannot be reached by a wave that it is to protect.</summary>
    LimitUnreachable,

    /// <summary>Direct methods do not reach devices that sleep.</summary>
    MethodToSleeping,

    /// <summary>A hub knows the old leaf only, and devices do not register again.</summary>
    HubKnowsOldLeaf,

    /// <summary>Devices are taken by the new certificate already, with the chain that they have.</summary>
    BelowBoth,

    /// <summary>More certificates in a minute than the authority was measured to issue.</summary>
    IssuanceRateExceeded,

    /// <summary>More registrations in a minute than the provisioning service was measured to bear, or its limit allows.</summary>
    RegistrationRateExceeded,

    /// <summary>More handshakes in a minute than the hubs were measured to bear.</summary>
    HandshakeRateExceeded,

    /// <summary>Devices of which no chain was accepted yet: nothing can be said of them.</summary>
    UnknownDevices,

    /// <summary>Devices that seem to be gone hold the overlap open until their leaf ends.</summary>
    Stragglers,

    /// <summary>The roll is not over at the end of the time that was rehearsed.</summary>
    NotDone,
}
