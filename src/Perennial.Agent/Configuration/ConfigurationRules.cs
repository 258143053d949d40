using Perennial.Protocol.Provisioning;

namespace Perennial.Agent.Configuration;

/// <summary>What a configuration must fulfil; every fault is told at once.</summary>
internal static class ConfigurationRules
{
    public static IEnumerable<string> Faults(AgentConfiguration configuration) =>
    [
        .. OfProvisioning(configuration.Provisioning),
        .. OfKeys(configuration.Keys),
        .. OfOnboarding(configuration.Onboarding),
        .. OfRoll(configuration.Roll),
        .. OfRest(configuration),
    ];

    private static IEnumerable<string> OfProvisioning(ProvisioningSettings settings)
    {
        if (Uri.CheckHostName(settings.Host) == UriHostNameType.Unknown)
        {
            yield return "provisioning.host is not a host name.";
        }

        if (settings.IdScope.Length is 0 or > 64 || settings.IdScope.Contains('/', StringComparison.Ordinal))
        {
            yield return "provisioning.idScope is not an id scope; 'perennial info' shows it.";
        }

        if (!RegistrationId.TryParse(settings.RegistrationId, out _))
        {
            yield return "provisioning.registrationId is not 1 to 128 letters, digits, '-', '.', '_' or ':'.";
        }
    }

    private static IEnumerable<string> OfKeys(KeySettings settings)
    {
        if (settings.Kind is not (KeySettings.FileKind or KeySettings.TokenKind))
        {
            yield return $"keys.kind is neither '{KeySettings.FileKind}' nor '{KeySettings.TokenKind}'.";
        }

        if (settings.IsToken && (settings.Module is null || settings.Token is null || settings.PinFile is null))
        {
            yield return "keys of a token need module, token and pinFile.";
        }

        if (settings.Labels.Count != 2 || settings.Labels[0] == settings.Labels[1] || settings.Labels.Any(label => label.Length is 0 or > 64))
        {
            yield return "keys.labels must be two different labels: a roll needs a slot for the key in use and one for the next.";
        }
    }

    private static IEnumerable<string> OfOnboarding(OnboardingSettings? settings)
    {
        if (settings is null)
        {
            yield break;
        }

        var isCertificate = settings.Certificate is not null && settings.Key is not null && settings.SymmetricKeyFile is null;
        var isSymmetric = settings.Certificate is null && settings.Key is null && settings.SymmetricKeyFile is not null;
        if (!isCertificate && !isSymmetric)
        {
            yield return "onboarding needs either certificate and key, or symmetricKeyFile.";
        }
    }

    private static IEnumerable<string> OfRoll(RollSettings settings)
    {
        if (settings.Share is not (> 0 and < 1))
        {
            yield return "roll.share must be between 0 and 1.";
        }

        if (settings.Spread < 0 || settings.Share - (settings.Spread / 2) < 0 || settings.Share + (settings.Spread / 2) > 0.95)
        {
            yield return "roll.spread reaches beyond the lifetime: half of it on either side of roll.share must stay between 0 and 0.95.";
        }

        if (settings.TestLimitSeconds is < 1 or > 86400)
        {
            yield return "roll.testLimitSeconds must be from 1 to 86400.";
        }
    }

    private static IEnumerable<string> OfRest(AgentConfiguration configuration)
    {
        if (configuration.Provisioning.Port is < 1 or > 65535 || configuration.Hub.Port is < 1 or > 65535)
        {
            yield return "a port must be from 1 to 65535.";
        }

        if (configuration.Hub.CheckHours is < 0 or > 8760)
        {
            yield return "hub.checkHours must be from 0 to 8760.";
        }

        if (configuration.ExecLimitSeconds is < 1 or > 3600)
        {
            yield return "execLimitSeconds must be from 1 to 3600.";
        }

        if (configuration.Publish is { } publish && !IsKeyMode(publish.KeyMode))
        {
            yield return "publish.keyMode must be octal like 0600 or 0640, with no right for others and no writing for the group.";
        }
    }

    private static bool IsKeyMode(string text) =>
        text.Length is 3 or 4 && text.All(c => c is >= '0' and <= '7') && (Convert.ToInt32(text, 8) & ~0b110_100_000) == 0;
}
