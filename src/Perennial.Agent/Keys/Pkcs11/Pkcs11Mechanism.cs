using System.Runtime.InteropServices;

namespace Perennial.Agent.Keys.Pkcs11;

/// <summary>CK_MECHANISM of PKCS#11 v2.40, §3.5.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Pkcs11Mechanism
{
    public const nuint RsaKeyPair = 0x0;
    public const nuint EcKeyPair = 0x1040;

    public nuint Kind;
    public void* Parameter;
    public nuint Length;
}
