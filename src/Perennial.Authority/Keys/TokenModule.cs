using System.Runtime.InteropServices;
using Net.Pkcs11Interop.Common;
using Net.Pkcs11Interop.HighLevelAPI;

namespace Perennial.Authority.Keys;

/// <summary>One PKCS #11 module, loaded at the first need. Used by one thread at a time.</summary>
internal sealed class TokenModule(string path) : IDisposable
{
    private static readonly Pkcs11InteropFactories Factories = new();

    private IPkcs11Library? _library;

    // The library asks for libdl by the name that only development packages bring; its functions are in the C library's own files.
    static TokenModule() => NativeLibrary.SetDllImportResolver(
        typeof(Pkcs11Exception).Assembly,
        (name, _, _) => name == "libdl" && (NativeLibrary.TryLoad("libdl.so.2", out var found) || NativeLibrary.TryLoad("libc.so.6", out found)) ? found : 0);

    /// <summary>The slot that holds a token. A module that does not see it is loaded anew: some look for tokens at their start only.</summary>
    /// <exception cref="KeyUnavailableException">There is no such token.</exception>
    internal ISlot Find(TokenAddress address)
    {
        var isFresh = _library is null;
        if (TryFind(address) is { } slot)
        {
            return slot;
        }

        if (!isFresh)
        {
            Unload();
        }

        return (isFresh ? null : TryFind(address))
            ?? throw new KeyUnavailableException(KeyState.Lost, $"Module {path} sees no token '{address.Token ?? address.Serial}'. Put the token back.");
    }

    /// <summary>Closes every session of the module.</summary>
    internal void Unload()
    {
        _library?.Dispose();
        _library = null;
    }

    public void Dispose() => Unload();

    private ISlot? TryFind(TokenAddress address)
    {
        _library ??= Factories.Pkcs11LibraryFactory.LoadPkcs11Library(Factories, path, AppType.MultiThreaded);
        return _library.GetSlotList(SlotsType.WithTokenPresent).FirstOrDefault(slot => IsMeant(slot.GetTokenInfo(), address));
    }

    private static bool IsMeant(ITokenInfo token, TokenAddress address) =>
        (address.Token is null || token.Label.TrimEnd() == address.Token) && (address.Serial is null || token.SerialNumber.TrimEnd() == address.Serial);
}
