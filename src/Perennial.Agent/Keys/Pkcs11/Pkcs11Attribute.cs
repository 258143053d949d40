using System.Runtime.InteropServices;

namespace Perennial.Agent.Keys.Pkcs11;

/// <summary>CK_ATTRIBUTE of PKCS#11 v2.40, §3.4: a kind, an address and a length.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Pkcs11Attribute
{
    public const nuint Class = 0x0;
    public const nuint Token = 0x1;
    public const nuint Private = 0x2;
    public const nuint Label = 0x3;
    public const nuint KeyType = 0x100;
    public const nuint Id = 0x102;
    public const nuint Sensitive = 0x103;
    public const nuint Sign = 0x108;
    public const nuint Verify = 0x10A;
    public const nuint ModulusBits = 0x121;
    public const nuint PublicExponent = 0x122;
    public const nuint Extractable = 0x162;
    public const nuint EcParameters = 0x180;

    public const nuint PublicKeyClass = 2;
    public const nuint PrivateKeyClass = 3;

    public nuint Kind;
    public void* Value;
    public nuint Length;
}
