using System.Globalization;
using Perennial.Bench.Exchanges;
using Perennial.Bench.Servers;
using Perennial.Server.Sandbox.Fleet;

namespace Perennial.Bench;

/// <summary>Makes devices that have never provisioned, enrolled one by one or as members of one group.</summary>
internal sealed class Applicants(PerennialServer server, FleetIssuer issuer)
{
    private int _number;

    public Task EnrollGroupAsync() =>
        server.Operator.EnrollGroupAsync(SandboxFleet.GroupId, issuer.Intermediate.Own.CertificatePem, CancellationToken.None);

    public Task<IReadOnlyList<Applicant>> MembersAsync(int count) =>
        Task.FromResult<IReadOnlyList<Applicant>>([.. Ids(count, "member").Select(id => new Applicant(id, FleetIssuer.IssueMember(id, issuer.Intermediate)))]);

    public async Task<IReadOnlyList<Applicant>> IndividualsAsync(int count)
    {
        var applicants = Ids(count, "individual").Select(id => new Applicant(id, issuer.IssueIndividual(id))).ToList();
        await Parallel.ForEachAsync(applicants, async (applicant, stop) =>
            await server.Operator.EnrollDeviceAsync(applicant.Id, applicant.Credential.LeafPem, stop));
        return applicants;
    }

    private IEnumerable<string> Ids(int count, string kind) =>
        Enumerable.Range(0, count).Select(_ => string.Create(CultureInfo.InvariantCulture, $"{kind}-{++_number:00000}"));
}
