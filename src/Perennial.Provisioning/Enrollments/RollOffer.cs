namespace Perennial.Provisioning.Enrollments;

/// <summary>How a device learns that it is to roll.</summary>
public enum RollOffer
{
    /// <summary>By the member <c>certificateRenewal</c> of its desired properties.</summary>
    DesiredProperty,

    /// <summary>By the direct method <c>rollCertificate</c>, with the same window as its payload.</summary>
    Method,

    /// <summary>By being refused with its old certificate alone, or by nothing: it rolls of itself, or the operator sees to it.</summary>
    None,

    /// <summary>By the window in the reply to its next registration.</summary>
    Registration,
}
