namespace Perennial.Rolling.Rolls;

/// <summary>How a device learns that it is to roll.</summary>
public enum RollOffer
{
    /// <summary>By the member <c>certificateRenewal</c> of its desired properties.</summary>
    DesiredProperty,

    /// <summary>By the direct method <c>rollCertificate</c>, with the same window as its payload.</summary>
    Method,

    /// <summary>By nothing: the device rolls of itself, or the operator sees to it. It counts from then on as offered.</summary>
    None,
}
