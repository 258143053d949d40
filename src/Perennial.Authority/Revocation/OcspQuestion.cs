using System.Diagnostics.CodeAnalysis;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Ocsp;
using Org.BouncyCastle.Asn1.X509;

namespace Perennial.Authority.Revocation;

/// <summary>What an OCSP request asks (RFC 6960 §4.1), bounded.</summary>
internal sealed record OcspQuestion(IReadOnlyList<CertID> Certificates, X509Extension? Nonce)
{
    /// <summary>Most bytes that are looked at.</summary>
    internal const int MaxLength = 4 * 1024;

    private const int MostCertificates = 16;

    // RFC 9654: up to 128 octets; the octet string in it adds at most three.
    private const int MaxNonceLength = 131;

    internal static bool TryRead(ReadOnlyMemory<byte> der, [NotNullWhen(true)] out OcspQuestion? question)
    {
        question = null;
        if (der.Length is 0 or > MaxLength)
        {
            return false;
        }

        try
        {
            var request = OcspRequest.GetInstance(Asn1Object.FromByteArray(der.ToArray())).TbsRequest;
            var nonce = request.RequestExtensions?.GetExtension(OcspObjectIdentifiers.PkixOcspNonce);
            if (request.RequestList.Count is 0 or > MostCertificates || nonce?.Value.GetOctets().Length > MaxNonceLength)
            {
                return false;
            }

            question = new([.. request.RequestList.Select(each => Request.GetInstance(each).ReqCert)], nonce);
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or IOException or InvalidCastException or InvalidOperationException)
        {
            return false;
        }
    }
}
