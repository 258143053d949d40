using System.Runtime.InteropServices;

namespace Perennial.Agent.Keys.Pkcs11;

/// <summary>
/// A PKCS#11 v2.40 module: the calls that the agent needs, by their place in CK_FUNCTION_LIST. It stays loaded as long as the process, since OpenSSL's
/// engine uses the same one.
/// </summary>
internal sealed unsafe class Pkcs11Module
{
    private const int MaxSlots = 64;

    private readonly void** _calls;

    private Pkcs11Module(void** calls) => _calls = calls;

    public static Pkcs11Module Load(string path)
    {
        nint library;
        try
        {
            library = NativeLibrary.Load(path);
        }
        catch (DllNotFoundException exception)
        {
            throw new AgentException($"The PKCS#11 module {path} cannot be loaded; correct keys.module.", exception);
        }

        var getList = (delegate* unmanaged[Cdecl]<void**, nuint>)NativeLibrary.GetExport(library, "C_GetFunctionList");
        void* list;
        Check((Pkcs11Return)getList(&list), "C_GetFunctionList");

        // The version takes one word, then the calls follow in the order of the standard.
        var module = new Pkcs11Module((void**)list + 1);
        module.Initialize();
        return module;
    }

    public nuint FindToken(string label)
    {
        var getSlots = (delegate* unmanaged[Cdecl]<byte, nuint*, nuint*, nuint>)_calls[4];
        var slots = stackalloc nuint[MaxSlots];
        nuint count;

        // First the number, as the standard wants it: that is when a module looks for slots that have come.
        Check((Pkcs11Return)getSlots(1, null, &count), "C_GetSlotList");
        count = Math.Min(count, MaxSlots);
        Check((Pkcs11Return)getSlots(1, slots, &count), "C_GetSlotList");
        for (var i = 0; i < (int)count; i++)
        {
            if (ReadToken(slots[i]).Label == label)
            {
                return slots[i];
            }
        }

        throw new AgentException($"No token labelled '{label}' is present; plug it in, or correct keys.token.");
    }

    public TokenState ReadToken(nuint slot)
    {
        var getToken = (delegate* unmanaged[Cdecl]<nuint, byte*, nuint>)_calls[6];
        var bytes = stackalloc byte[TokenState.Size];
        Check((Pkcs11Return)getToken(slot, bytes), "C_GetTokenInfo");
        return TokenState.Read(new ReadOnlySpan<byte>(bytes, TokenState.Size));
    }

    public nuint OpenSession(nuint slot)
    {
        const nuint SerialReadWrite = 0x4 | 0x2;
        var open = (delegate* unmanaged[Cdecl]<nuint, nuint, void*, void*, nuint*, nuint>)_calls[12];
        nuint session;
        Check((Pkcs11Return)open(slot, SerialReadWrite, null, null, &session), "C_OpenSession");
        return session;
    }

    public void Login(nuint session, ReadOnlySpan<byte> pin)
    {
        const nuint User = 1;
        var login = (delegate* unmanaged[Cdecl]<nuint, nuint, byte*, nuint, nuint>)_calls[18];
        fixed (byte* first = pin)
        {
            var outcome = (Pkcs11Return)login(session, User, first, (nuint)pin.Length);
            if (outcome != Pkcs11Return.UserAlreadyLoggedIn)
            {
                Check(outcome, "C_Login");
            }
        }
    }

    public IReadOnlyList<nuint> Find(nuint session, Pkcs11Template template)
    {
        const int Most = 16;
        var start = (delegate* unmanaged[Cdecl]<nuint, Pkcs11Attribute*, nuint, nuint>)_calls[26];
        var next = (delegate* unmanaged[Cdecl]<nuint, nuint*, nuint, nuint*, nuint>)_calls[27];
        var end = (delegate* unmanaged[Cdecl]<nuint, nuint>)_calls[28];
        Check((Pkcs11Return)start(session, template.ToArray(), (nuint)template.Count), "C_FindObjectsInit");
        var found = stackalloc nuint[Most];
        nuint count;
        var outcome = (Pkcs11Return)next(session, found, Most, &count);
        Check((Pkcs11Return)end(session), "C_FindObjectsFinal");
        Check(outcome, "C_FindObjects");
        return new ReadOnlySpan<nuint>(found, (int)count).ToArray();
    }

    public void Destroy(nuint session, nuint thing)
    {
        var destroy = (delegate* unmanaged[Cdecl]<nuint, nuint, nuint>)_calls[22];
        Check((Pkcs11Return)destroy(session, thing), "C_DestroyObject");
    }

    public void MakePair(nuint session, nuint mechanism, Pkcs11Template open, Pkcs11Template secret)
    {
        var make = (delegate* unmanaged[Cdecl]<nuint, Pkcs11Mechanism*, Pkcs11Attribute*, nuint, Pkcs11Attribute*, nuint, nuint*, nuint*, nuint>)_calls[59];
        var kind = new Pkcs11Mechanism { Kind = mechanism };
        nuint openKey, secretKey;
        Check(
            (Pkcs11Return)make(session, &kind, open.ToArray(), (nuint)open.Count, secret.ToArray(), (nuint)secret.Count, &openKey, &secretKey),
            "C_GenerateKeyPair");
    }

    private static void Check(Pkcs11Return outcome, string call)
    {
        if (outcome == Pkcs11Return.Ok)
        {
            return;
        }

        throw new AgentException(outcome switch
        {
            Pkcs11Return.PinIncorrect => "The token refuses the PIN; correct keys.pinFile. Tokens lock after a few wrong ones.",
            Pkcs11Return.PinLocked => "The token has locked its PIN; its security officer must set it anew.",
            Pkcs11Return.DeviceMemory => "The token has no room for another key; delete one that is not in use.",
            Pkcs11Return.TokenWriteProtected => "The token is write-protected; a roll needs to make a key in it.",
            Pkcs11Return.TokenNotPresent or Pkcs11Return.DeviceRemoved => "The token is not present.",
            _ => string.Create(CultureInfo.InvariantCulture, $"The token failed at {call} (0x{(ulong)outcome:X})."),
        });
    }

    private void Initialize()
    {
        // CK_C_INITIALIZE_ARGS: no callbacks, CKF_OS_LOCKING_OK.
        var arguments = stackalloc nuint[6];
        new Span<nuint>(arguments, 6).Clear();
        arguments[4] = 2;
        var initialize = (delegate* unmanaged[Cdecl]<void*, nuint>)_calls[0];
        var outcome = (Pkcs11Return)initialize(arguments);
        if (outcome != Pkcs11Return.AlreadyInitialized)
        {
            Check(outcome, "C_Initialize");
        }
    }
}
