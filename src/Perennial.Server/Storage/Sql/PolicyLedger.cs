using System.Text.Json;

namespace Perennial.Server.Storage.Sql;

/// <summary>The recorded access policies, with their audit rows.</summary>
internal sealed class PolicyLedger(SqlDatabase database, TimeProvider time) : IPolicyLedger
{
    public Task RecordAsync(IReadOnlyList<PolicyPrint> policies, string actor, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session =>
            {
                var stored = Read(session);
                foreach (var policy in policies)
                {
                    Save(session, stored.GetValueOrDefault((policy.Scope, policy.Name)), policy, actor);
                }

                foreach (var gone in stored.Values.ExceptBy(policies.Select(policy => (policy.Scope, policy.Name)), policy => (policy.Scope, policy.Name)))
                {
                    session.Prepared("DELETE FROM access_policy WHERE scope = $scope AND name = $name", ("$scope", gone.Scope), ("$name", gone.Name)).ExecuteNonQuery();
                    Audit(session, actor, "policy.delete", gone, after: null);
                }

                return true;
            },
            cancellationToken);

    private void Save(SqlSession session, PolicyPrint? stored, PolicyPrint policy, string actor)
    {
        if (policy == stored)
        {
            return;
        }

        session.Prepared(
            """
            INSERT INTO access_policy (scope, name, rights, primary_print, secondary_print) VALUES ($scope, $name, $rights, $primary, $secondary)
            ON CONFLICT (scope, name) DO UPDATE
            SET rights = excluded.rights, primary_print = excluded.primary_print, secondary_print = excluded.secondary_print
            """,
            ("$scope", policy.Scope),
            ("$name", policy.Name),
            ("$rights", policy.Rights),
            ("$primary", policy.Primary),
            ("$secondary", policy.Secondary)).ExecuteNonQuery();
        var verb = stored is null ? "policy.create" : stored.Rights == policy.Rights ? "policy.roll" : "policy.save";
        Audit(session, actor, verb, stored, policy);
    }

    private static Dictionary<(string Scope, string Name), PolicyPrint> Read(SqlSession session)
    {
        using var reader = session.Prepared("SELECT scope, name, rights, primary_print, secondary_print FROM access_policy").ExecuteReader();
        var stored = new Dictionary<(string, string), PolicyPrint>();
        while (reader.Read())
        {
            var policy = new PolicyPrint(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4));
            stored.Add((policy.Scope, policy.Name), policy);
        }

        return stored;
    }

    private void Audit(SqlSession session, string actor, string verb, PolicyPrint? before, PolicyPrint? after)
    {
        var named = (after ?? before)!;
        AuditRow.Write(session, time.GetUtcNow(), actor, verb, $"policy '{named.Name}' of {named.Scope}", Describe(before), Describe(after));
    }

    private static string? Describe(PolicyPrint? policy) =>
        policy is null ? null : JsonSerializer.Serialize(policy, StorageJson.Default.PolicyPrint);
}
