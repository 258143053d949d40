using System.Text.Json;
using Perennial.Agent.Durability;
using Perennial.Agent.Keys;

namespace Perennial.Agent.Credentials;

/// <summary>The agent's memory on disk: one document, replaced whole. What it says holds after a kill or a power cut.</summary>
internal sealed class Journal
{
    private const int MaxLength = 256 * 1024;

    private readonly string _path;
    private readonly DurableFiles _files;

    private Journal(string path, DurableFiles files, AgentState state)
    {
        _path = path;
        _files = files;
        State = state;
    }

    public AgentState State { get; private set; }

    /// <summary>Whether the document was not readable, and was made anew from the certificates and keys.</summary>
    public bool IsRebuilt { get; private init; }

    public static string PathIn(string folder) => Path.Combine(folder, "journal.json");

    /// <summary>What the document says; null when there is none, or none that can be read.</summary>
    public static AgentState? Peek(string folder)
    {
        var path = PathIn(folder);
        if (!File.Exists(path) || new FileInfo(path).Length > MaxLength)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), JournalJson.Default.AgentState);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static Journal Open(string folder, string registrationId, DurableFiles files, CertificateFiles certificates, IKeyStore keys)
    {
        var path = PathIn(folder);
        if (Peek(folder) is { } state)
        {
            return new(path, files, Check(state, path, registrationId));
        }

        if (File.Exists(path))
        {
            Posix.Rename(path, path + ".unreadable");
        }

        var rebuilt = new AgentState { RegistrationId = registrationId, Credentials = Rebuild(certificates, keys) };
        return new(path, files, rebuilt) { IsRebuilt = rebuilt.Credentials.Current is not null };
    }

    /// <summary>Changes what is remembered; it lasts when this returns.</summary>
    public void Write(Func<AgentState, AgentState> change)
    {
        var next = change(State);
        if (next == State)
        {
            return;
        }

        _files.Write(_path, JsonSerializer.SerializeToUtf8Bytes(next, JournalJson.Default.AgentState), DurableFiles.Readable);
        State = next;
    }

    public void Write(Func<CredentialSet, CredentialSet> change) => Write(state => state with { Credentials = change(state.Credentials) });

    private static AgentState Check(AgentState state, string path, string registrationId)
    {
        if (state.Version > AgentState.LatestVersion)
        {
            throw new AgentException($"{path} was written by a newer agent (version {state.Version}); install that one.");
        }

        return state.RegistrationId.Equals(registrationId, StringComparison.OrdinalIgnoreCase)
            ? state
            : throw new AgentException($"{path} is of the device '{state.RegistrationId}', the configuration is of '{registrationId}'; give each device a state folder of its own.");
    }

    // The one that lasts longest is taken for the current one; whichever the hub refuses, the other one is tried.
    private static CredentialSet Rebuild(CertificateFiles certificates, IKeyStore keys)
    {
        var found = new List<OperationalCredential>();
        foreach (var slot in Enum.GetValues<KeySlot>())
        {
            if (certificates.Read(slot) is { } chain && keys.Open(slot) is { } key)
            {
                using var credential = ClientCredential.Join(chain, key);
                found.AddRange(credential is null ? [] : [Describe(slot, chain.Leaf, chain.Leaf.NotBefore)]);
            }
        }

        var order = found.OrderByDescending(credential => credential.NotAfter).ToList();
        return new() { Current = order.FirstOrDefault(), Previous = order.Skip(1).FirstOrDefault() };
    }

    public static OperationalCredential Describe(KeySlot slot, X509.Certificate leaf, DateTimeOffset obtained) => new()
    {
        Slot = slot,
        Thumbprint = leaf.Thumbprint.ToString(),
        NotBefore = leaf.NotBefore,
        NotAfter = leaf.NotAfter,
        Obtained = obtained,
    };
}
