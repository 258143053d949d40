namespace Perennial.Rolling.Rehearsals;

/// <summary>Why a device that was offered the new certificate did not follow.</summary>
internal enum Miss
{
    WindowOver,
    ClockBehind,
    ChainTooLong,
    Refused,
    HubKnowsOldLeaf,
    TakenByOld,
    NotIssued,
}
