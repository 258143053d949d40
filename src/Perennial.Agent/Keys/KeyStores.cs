using Perennial.Agent.Configuration;
using Perennial.Agent.Durability;

namespace Perennial.Agent.Keys;

/// <summary>The store that the configuration asks for.</summary>
internal static class KeyStores
{
    public static IKeyStore Of(AgentConfiguration configuration, string folder, DurableFiles files) =>
        configuration.Keys.IsToken
            ? new TokenKeyStore(configuration.Keys)
            : new FileKeyStore(folder, configuration.Keys.Algorithm, files);
}
