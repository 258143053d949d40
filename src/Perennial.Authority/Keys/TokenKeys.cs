using System.Collections.Concurrent;
using System.Text;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;
using Perennial.X509;

namespace Perennial.Authority.Keys;

/// <summary>
/// Keys on PKCS #11 tokens. A PIN that a token refused is not tried again until the file that holds it changes, since tokens lock
/// themselves after some wrong ones.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="limit">How long a token may take for an answer; null for 5 seconds.</param>
public sealed class TokenKeys(TimeProvider time, TimeSpan? limit = null) : IIssuerKeys, IDisposable
{
    private static readonly TimeSpan UsualLimit = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (TokenModule Module, TokenWorker Worker)> _modules = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Thumbprint> _wrongPins = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public bool Keeps(KeyAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return address.IsToken;
    }

    /// <inheritdoc />
    public Task<IIssuerKey> OpenAsync(KeyAddress address, CancellationToken cancellationToken)
    {
        var parsed = TokenAddress.Of(address);
        return AskAsync(parsed, (session, worker) => TokenKey.Find(session, worker, parsed), cancellationToken);
    }

    /// <inheritdoc />
    public Task<IIssuerKey> CreateAsync(KeyAddress address, KeyAlgorithm algorithm, CancellationToken cancellationToken)
    {
        var parsed = TokenAddress.Of(address);
        return AskAsync(
            parsed,
            (session, worker) =>
            {
                TokenKeyPair.Generate(session, parsed.Object ?? throw new ArgumentException($"{address} names no object.", nameof(address)), algorithm);
                return TokenKey.Find(session, worker, parsed);
            },
            cancellationToken);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var (module, worker) in _modules.Values)
        {
            worker.End(module.Dispose);
        }
    }

    private Task<IIssuerKey> AskAsync(TokenAddress address, Func<ISession, TokenWorker, IIssuerKey> use, CancellationToken cancellationToken)
    {
        var (module, worker) = _modules.GetOrAdd(
            address.ModulePath,
            path => (new TokenModule(path), new TokenWorker(address.Token ?? address.Serial ?? path, limit ?? UsualLimit, time)));
        return worker.AskAsync(() => Use(module, address, session => use(session, worker)), cancellationToken);
    }

    // Some modules do not see that a token went or came until they are loaded anew.
    private IIssuerKey Use(TokenModule module, TokenAddress address, Func<ISession, IIssuerKey> use)
    {
        try
        {
            return use(Open(module, address));
        }
        catch (KeyUnavailableException fault) when (fault is { State: not KeyState.Locked, InnerException: Pkcs11Exception })
        {
            module.Unload();
            return use(Open(module, address));
        }
    }

    private ISession Open(TokenModule module, TokenAddress address)
    {
        var name = address.Token ?? address.Serial!;
        try
        {
            var session = module.Find(address).OpenSession(SessionType.ReadWrite);
            try
            {
                LogIn(session, address, name);
                return session;
            }
            catch
            {
                session.Dispose();
                throw;
            }
        }
        catch (Exception fault) when (fault is Pkcs11Exception or UnmanagedException or IOException or UnauthorizedAccessException)
        {
            throw TokenFaults.Of(name, fault);
        }
    }

    private void LogIn(ISession session, TokenAddress address, string name)
    {
        if (address.PinSource is not { } source)
        {
            return;
        }

        var pin = File.ReadLines(source).FirstOrDefault() ?? string.Empty;
        var print = Thumbprint.Of(Encoding.UTF8.GetBytes(pin));
        if (_wrongPins.TryGetValue(name, out var wrong) && wrong == print)
        {
            throw new KeyUnavailableException(
                KeyState.Locked, $"Token {name} refused the PIN in {source}; it is not tried again. Put the right PIN into that file.");
        }

        try
        {
            session.Login(CKU.CKU_USER, pin);
            _wrongPins.TryRemove(name, out _);
        }
        catch (Pkcs11Exception answer) when (answer.RV == CKR.CKR_USER_ALREADY_LOGGED_IN)
        {
        }
        catch (Pkcs11Exception answer) when (TokenFaults.IsWrongPin(answer.RV))
        {
            _wrongPins[name] = print;
            throw;
        }
    }
}
