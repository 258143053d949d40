using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.Ocsp;
using Org.BouncyCastle.Asn1.X509;
using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;

namespace Perennial.Authority.Revocation;

/// <summary>Answers OCSP requests (RFC 6960) about what the slots issued, signed by the key of the slot that is asked about.</summary>
/// <param name="issuers">The issuer slots.</param>
/// <param name="revocations">What is revoked.</param>
/// <param name="keys">The keys of the slots.</param>
/// <param name="time">The clock.</param>
public sealed class AnswerOcsp(IIssuerStore issuers, IRevocationStore revocations, OpenIssuers keys, TimeProvider time)
{
    /// <summary>How long an answer is good.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromHours(1);

    private static readonly TimeSpan Backdating = TimeSpan.FromMinutes(5);

    /// <summary>Answers; never throws on any bytes.</summary>
    /// <param name="request">The encoded request.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The encoded response.</returns>
    public async Task<byte[]> RunAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        if (!OcspQuestion.TryRead(request, out var question))
        {
            return Failure(OcspResponseStatus.MalformedRequest);
        }

        var slots = (await issuers.ListAsync(cancellationToken))
            .Where(slot => slot.Certificate is not null).Select(slot => new OcspIssuer(slot, slot.Certificate!)).ToList();
        if (question.Certificates.Select(asked => slots.Find(slot => slot.IsMeant(asked))).FirstOrDefault(slot => slot is not null) is not { } signer)
        {
            return Failure(OcspResponseStatus.Unauthorized);
        }

        try
        {
            return await AnswerAsync(question, signer, cancellationToken);
        }
        catch (KeyUnavailableException)
        {
            keys.Forget(signer.Slot.Id);
            return Failure(OcspResponseStatus.TryLater);
        }
    }

    private static byte[] Failure(int status) => new OcspResponse(new OcspResponseStatus(status), null).GetDerEncoded();

    private async Task<byte[]> AnswerAsync(OcspQuestion question, OcspIssuer signer, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var answers = new Asn1EncodableVector();
        foreach (var asked in question.Certificates)
        {
            var status = signer.IsMeant(asked)
                ? await revocations.FindAsync(signer.Slot.Id, Convert.ToHexString(asked.SerialNumber.Value.ToByteArray()), cancellationToken)
                : new CertificateStatus.Unknown();
            answers.Add(new SingleResponse(asked, StatusOf(status), TimeOf(now - Backdating), TimeOf(now + Life), singleExtensions: null));
        }

        var extensions = question.Nonce is { } nonce
            ? new X509Extensions(new Dictionary<DerObjectIdentifier, X509Extension> { [OcspObjectIdentifiers.PkixOcspNonce] = nonce })
            : null;
        var content = new ResponseData(new ResponderID(new DerOctetString(signer.KeyHash)), TimeOf(now), new DerSequence(answers), extensions);
        var issuer = await keys.OpenAsync(signer.Slot, cancellationToken);
        var signature = await issuer.SignBytesAsync(content.GetDerEncoded(), cancellationToken);
        var algorithm = AlgorithmIdentifier.GetInstance(Asn1Object.FromByteArray(issuer.Algorithm.Identifier.ToArray()));
        var certificates = new DerSequence(X509CertificateStructure.GetInstance(Asn1Object.FromByteArray(issuer.Certificate.Der.ToArray())));
        var basic = new BasicOcspResponse(content, algorithm, new DerBitString(signature), certificates);
        var bytes = new ResponseBytes(OcspObjectIdentifiers.PkixOcspBasic, new DerOctetString(basic.GetDerEncoded()));
        return new OcspResponse(new OcspResponseStatus(OcspResponseStatus.Successful), bytes).GetDerEncoded();
    }

    private static CertStatus StatusOf(CertificateStatus status) => status switch
    {
        CertificateStatus.Good => new CertStatus(),
        CertificateStatus.Revoked { Certificate: var revoked } => new CertStatus(new RevokedInfo(
            TimeOf(revoked.At), revoked.Reason == RevocationReason.Unspecified ? null : new CrlReason((int)revoked.Reason))),
        _ => new CertStatus(2, DerNull.Instance),
    };

    private static Asn1GeneralizedTime TimeOf(DateTimeOffset at) => new(at.UtcDateTime.AddTicks(-(at.UtcTicks % TimeSpan.TicksPerSecond)));
}
