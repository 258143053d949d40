using System.Security.Cryptography;

namespace Perennial.Server.Backups;

/// <summary>Opens what a <see cref="SealedWriter"/> sealed; every byte it returns was checked.</summary>
internal sealed class SealedReader : Stream
{
    private readonly Stream _from;
    private readonly SealedHeader _header;
    private readonly AesGcm _cipher;
    private readonly byte[] _plain = new byte[SealedChunk.Length];
    private byte[] _sealed = new byte[SealedChunk.Length + SealedChunk.TagLength];
    private byte[] _ahead = new byte[SealedChunk.Length + SealedChunk.TagLength];
    private int _aheadLength;
    private int _start;
    private int _end;
    private long _number;
    private bool _isLast;

    /// <exception cref="CryptographicException">The passphrase is another, or the first chunk was changed.</exception>
    public SealedReader(Stream from, SealedHeader header, string passphrase)
    {
        _from = from;
        _header = header;
        _cipher = header.Cipher(passphrase);
        _aheadLength = ReadAhead();
        try
        {
            Open();
        }
        catch
        {
            _cipher.Dispose();
            throw;
        }
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="CryptographicException">The file was changed or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_start == _end && !_isLast)
        {
            Open();
        }

        var taken = Math.Min(buffer.Length, _end - _start);
        _plain.AsSpan(_start, taken).CopyTo(buffer);
        _start += taken;
        return taken;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            CryptographicOperations.ZeroMemory(_plain);
            _cipher.Dispose();
        }

        base.Dispose(disposing);
    }

    // The last chunk is the one that nothing follows.
    private void Open()
    {
        (_sealed, _ahead) = (_ahead, _sealed);
        var length = _aheadLength;
        _aheadLength = ReadAhead();
        _isLast = _aheadLength == 0;
        if (length < SealedChunk.TagLength)
        {
            throw new CryptographicException("The file ends too early.");
        }

        var plain = length - SealedChunk.TagLength;
        _cipher.Decrypt(
            SealedChunk.Nonce(_number++, _isLast),
            _sealed.AsSpan(0, plain),
            _sealed.AsSpan(plain, SealedChunk.TagLength),
            _plain.AsSpan(0, plain),
            _header.Bytes);
        (_start, _end) = (0, plain);
    }

    private int ReadAhead() => _from.ReadAtLeast(_ahead, _ahead.Length, throwOnEndOfStream: false);
}
