using Perennial.Authority.Issuers;
using Perennial.X509;

namespace Perennial.Authority.Issuance;

/// <summary>What a profile asks of a signing request.</summary>
internal static class ProfileRules
{
    /// <returns>Why the request is refused; null when it is fine.</returns>
    internal static Refusal? Check(CertificateProfile profile, CertificateSigningRequest request, CommonName name)
    {
        if (!request.CommonName.Equals(name))
        {
            return new(IssuanceRefusals.CommonNameDiffers, $"{request} is for '{request.CommonName}'; the device is '{name}'.");
        }

        return profile.Allows(request.KeyKind, request.KeySize)
            ? null
            : new(
                IssuanceRefusals.KeyNotAllowed,
                $"{request} has a key {request.KeyKind} of {request.KeySize} bits; profile '{profile.Name}' allows {profile.AllowedKeys}.");
    }
}
