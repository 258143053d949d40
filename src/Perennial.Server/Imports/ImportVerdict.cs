namespace Perennial.Server.Imports;

/// <summary>What came of one row.</summary>
internal enum ImportVerdict
{
    /// <summary>The device is enrolled.</summary>
    Created,

    /// <summary>It was enrolled so before.</summary>
    Unchanged,

    /// <summary>It is not; the detail says why.</summary>
    Refused,
}
