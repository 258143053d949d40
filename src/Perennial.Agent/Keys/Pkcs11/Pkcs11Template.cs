using System.Runtime.InteropServices;
using System.Text;

namespace Perennial.Agent.Keys.Pkcs11;

/// <summary>Attributes for one call, with the memory that they point to.</summary>
internal sealed unsafe class Pkcs11Template : IDisposable
{
    private readonly List<(nuint Kind, nint Address, int Length)> _parts = [];
    private nint _block;

    public int Count => _parts.Count;

    public Pkcs11Template Add(nuint kind, ReadOnlySpan<byte> value)
    {
        var address = Marshal.AllocHGlobal(Math.Max(1, value.Length));
        value.CopyTo(new Span<byte>((void*)address, value.Length));
        _parts.Add((kind, address, value.Length));
        return this;
    }

    public Pkcs11Template Add(nuint kind, bool value) => Add(kind, [value ? (byte)1 : (byte)0]);

    public Pkcs11Template Add(nuint kind, nuint value) => Add(kind, new ReadOnlySpan<byte>(&value, sizeof(nuint)));

    public Pkcs11Template Add(nuint kind, string value) => Add(kind, Encoding.UTF8.GetBytes(value));

    public Pkcs11Attribute* ToArray()
    {
        if (_block == 0)
        {
            _block = Marshal.AllocHGlobal(Math.Max(1, _parts.Count) * sizeof(Pkcs11Attribute));
        }

        var array = (Pkcs11Attribute*)_block;
        for (var i = 0; i < _parts.Count; i++)
        {
            array[i] = new() { Kind = _parts[i].Kind, Value = (void*)_parts[i].Address, Length = (nuint)_parts[i].Length };
        }

        return array;
    }

    public void Dispose()
    {
        foreach (var (_, address, _) in _parts)
        {
            Marshal.FreeHGlobal(address);
        }

        _parts.Clear();
        Marshal.FreeHGlobal(_block);
        _block = 0;
    }
}
