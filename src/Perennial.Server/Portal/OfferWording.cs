using Perennial.Provisioning.Enrollments;

namespace Perennial.Server.Portal;

/// <summary>How devices are told to roll, in words.</summary>
public static class OfferWording
{
    /// <summary>By what they are told.</summary>
    public static string Of(RollOffer offer) => offer switch
    {
        RollOffer.DesiredProperty => "the desired properties of their twins",
        RollOffer.Method => "the direct method rollCertificate",
        RollOffer.Registration => "the reply to their next registration",
        RollOffer.None => "nothing: they roll of themselves, or you see to it",
        _ => offer.ToString(),
    };
}
