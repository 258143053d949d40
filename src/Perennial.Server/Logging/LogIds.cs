namespace Perennial.Server.Logging;

/// <summary>The ledger of log event ids: 1000 connections, 2000 refusals, 3000 messages, 5000 the process, 6000 storage. Never used twice.</summary>
internal static class LogIds
{
    public const int ConnectionFailed = 1001;

    public const int HubConnectFailed = 1002;

    public const int AmqpFailed = 1010;

    public const int Refused = 2001;

    public const int RequestFailed = 2002;

    public const int DeparturesFailed = 2003;

    public const int SweepFailed = 3001;

    public const int Serving = 5001;

    public const int Stopping = 5002;

    public const int CertificateRolled = 5003;

    public const int CertificateNotRolled = 5004;

    public const int NamesNotCovered = 5005;

    public const int PoliciesApplied = 5014;

    public const int PoliciesNotApplied = 5015;

    public const int JobsFailed = 5016;

    public const int RevocationListFailed = 5017;

    public const int RevocationListNotIssued = 5019;

    public const int RootIsSelfMade = 5018;

    public const int RevocationsApplied = 5020;

    public const int RollFailed = 5021;

    public const int ExpiryNotCounted = 5033;

    public const int PortalFailed = 5034;

    public const int FleetNotCounted = 5035;

    public const int NoticeNotTaken = 5036;

    public const int NoticeGivenUp = 5037;

    public const int NoticesFailed = 5038;

    public const int CertificateNotIssued = 5039;

    public const int DrainNotOrdered = 5050;

    public const int RehearsalFailed = 5055;

    public const int ProofNotMade = 5056;

    public const int DatabaseAway = 6001;

    public const int DatabaseBack = 6002;
}
