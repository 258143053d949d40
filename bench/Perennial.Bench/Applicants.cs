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

    /// <summary>Enrolls groups beside the one of the members, each with an intermediate of its own.</summary>
    public Task EnrollOtherGroupsAsync(int count) => Parallel.ForAsync(0, count, async (number, stop) =>
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"other-group-{number:0000}");
        using var other = issuer.IssueOther(name);
        await server.Operator.EnrollGroupAsync(name, other.Own.CertificatePem, stop);
    });

    /// <summary>Devices that provision once each, over MQTT, as members.</summary>
    public async Task<Func<Task>> PrepareMembersAsync(int count)
    {
        var members = await MembersAsync(count);
        var exchange = new MqttExchange(server);
        return async () =>
        {
            await Parallel.ForEachAsync(
                members, new ParallelOptions { MaxDegreeOfParallelism = RoundPlan.Together }, async (member, _) => await exchange.RunAsync(member));
            foreach (var member in members)
            {
                member.Credential.Dispose();
            }
        };
    }

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
