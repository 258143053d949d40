namespace Perennial.Rolling.Rolls;

/// <summary>What is rolled.</summary>
public enum RollKind
{
    /// <summary>The leaves of devices with individual enrollments.</summary>
    Leaf,

    /// <summary>The signing certificate of a group, an intermediate or a root.</summary>
    SigningCertificate,

    /// <summary>An issuing authority of this service, by the one that is prepared to follow it.</summary>
    IssuingCa,
}
