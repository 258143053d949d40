using Perennial.Agent.Credentials;
using Perennial.Agent.Deployment;

namespace Perennial.Agent.Rolling;

/// <summary>Publishes the current credential for other programs and runs the deploy hook, each until it has succeeded once for this certificate.</summary>
internal sealed class DeployCredential(Device device)
{
    /// <returns>Whether all is done.</returns>
    public async Task<bool> ExecuteAsync(CancellationToken cancellationToken)
    {
        if (device.Credentials.Current is not { } current)
        {
            return true;
        }

        if (device.Publication is { } publication && device.State.Published != current.Thumbprint)
        {
            publication.Write(ChainOf(current), device.Keys.Publish(current.Slot));
            device.Journal.Write(state => state with { Published = current.Thumbprint });
            device.Log.Tell($"Published the certificate in {publication.Current}.");
        }

        if (device.Hook is not { } hook || device.State.Deployed == current.Thumbprint)
        {
            return true;
        }

        var outcome = await hook.ExecuteAsync(Variables(current, isRehearsal: false), cancellationToken);
        if (!outcome.IsSuccess)
        {
            device.Log.Fail($"The deploy hook {outcome.Sentence}. It is run again.");
            return false;
        }

        device.Journal.Write(state => state with { Deployed = current.Thumbprint });
        device.Log.Tell("The deploy hook succeeded.");
        return true;
    }

    public X509.CertificateChain ChainOf(OperationalCredential credential) =>
        device.Certificates.Read(credential.Slot) ?? throw new AgentException("The current certificate is not in its place.");

    /// <summary>What the hook is told.</summary>
    public IReadOnlyDictionary<string, string> Variables(OperationalCredential current, bool isRehearsal)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PERENNIAL_REGISTRATION_ID"] = device.Name,
            ["PERENNIAL_THUMBPRINT"] = current.Thumbprint,
            ["PERENNIAL_NOT_AFTER"] = current.NotAfter.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["PERENNIAL_REHEARSAL"] = isRehearsal ? "1" : "0",
        };
        if (device.Publication is { } publication)
        {
            variables["PERENNIAL_CERTIFICATE"] = Path.Combine(publication.Current, Publication.CertificateName);
            variables["PERENNIAL_CHAIN"] = Path.Combine(publication.Current, Publication.ChainName);
            variables["PERENNIAL_KEY"] = Path.Combine(publication.Current, device.Configuration.Keys.IsToken ? Publication.TokenKeyName : Publication.KeyName);
        }

        return variables;
    }
}
