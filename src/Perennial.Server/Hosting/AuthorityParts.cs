using Perennial.Authority.Authorities;
using Perennial.Authority.Est;
using Perennial.Authority.Issuance;
using Perennial.Authority.Issuers;
using Perennial.Authority.Keys;
using Perennial.Authority.Revocation;
using Perennial.Server.Instances;
using Perennial.Server.Storage.Sql;
using Perennial.X509;

namespace Perennial.Server.Hosting;

/// <summary>The authority put together: profiles, issuers, their keys, and what issues with them.</summary>
internal sealed class AuthorityParts : IDisposable
{
    private readonly OpenIssuers _open;
    private readonly TokenKeys _tokens;

    private AuthorityParts(OpenIssuers open, TokenKeys tokens)
    {
        _open = open;
        _tokens = tokens;
    }

    public required IProfileStore Profiles { get; init; }

    public required IIssuerStore Issuers { get; init; }

    public required IIssuanceJournal Journal { get; init; }

    /// <summary>Issues a certificate to a device that may have one.</summary>
    public required IssueCertificate Issue { get; init; }

    public required IRevocationStore Revocations { get; init; }

    public required IssueRevocationList RevocationList { get; init; }

    public required AnswerOcsp Ocsp { get; init; }

    public required CreateAuthority CreateAuthority { get; init; }

    public required RequestAuthority RequestAuthority { get; init; }

    public required ActivateAuthority ActivateAuthority { get; init; }

    public required RevokeAuthority RevokeAuthority { get; init; }

    public required SignAuthority SignAuthority { get; init; }

    public required AddRemoteAuthority AddRemote { get; init; }

    public required FindSelfMadeRoots SelfMadeRoots { get; init; }

    /// <summary>What those need who trust an issuer.</summary>
    public required FindTrust Trust { get; init; }

    public required MeasureIssuance MeasureIssuance { get; init; }

    public static AuthorityParts Compose(Instance instance, SqlDatabase database, TimeProvider time)
    {
        var tokens = new TokenKeys(time);
        var places = new KeyPlaces([new EncryptedFileKeys(instance.KeysFolder, new IssuerPassphrase(instance).Read), tokens]);
        var open = new OpenIssuers(places, time, instance.Document.RevocationUrl);
        var (profiles, issuers, journal) = (new ProfileStore(database, time), new IssuerStore(database, time), new IssuanceJournal(database));
        var revocations = new RevocationStore(database, time);
        var policy = new ChainPolicy(new ChainPolicyOptions(), new SignatureCache());
        var remote = new EstClient(time);
        var sign = new SignAuthority(journal, open, time);
        return new AuthorityParts(open, tokens)
        {
            Profiles = profiles,
            Issuers = issuers,
            Journal = journal,
            Issue = new IssueCertificate(profiles, issuers, journal, open, new IssueRemotely(remote, journal, time), time),
            Revocations = revocations,
            RevocationList = new IssueRevocationList(issuers, revocations, open, time),
            Ocsp = new AnswerOcsp(issuers, revocations, open, time),
            CreateAuthority = new CreateAuthority(issuers, places, sign, time),
            MeasureIssuance = new MeasureIssuance(journal, open, time),
            RequestAuthority = new RequestAuthority(issuers, places, time),
            ActivateAuthority = new ActivateAuthority(issuers, journal, open, policy, time),
            RevokeAuthority = new RevokeAuthority(issuers, revocations, time),
            SignAuthority = sign,
            AddRemote = new AddRemoteAuthority(issuers, remote, time),
            SelfMadeRoots = new FindSelfMadeRoots(issuers),
            Trust = new FindTrust(issuers, time),
        };
    }

    public void Dispose()
    {
        _open.Dispose();
        _tokens.Dispose();
    }
}
