using System.Security.Cryptography;

namespace Perennial.Server.Backups;

/// <summary>Seals what is written with AES-256-GCM, chunk by chunk. Disposed before <see cref="Complete"/>, what it wrote cannot be opened.</summary>
internal sealed class SealedWriter : Stream
{
    private readonly Stream _to;
    private readonly SealedHeader _header;
    private readonly AesGcm _cipher;
    private readonly byte[] _plain = new byte[SealedChunk.Length];
    private readonly byte[] _sealed = new byte[SealedChunk.Length + SealedChunk.TagLength];
    private int _filled;
    private long _number;

    public SealedWriter(Stream to, SealedHeader header, string passphrase)
    {
        _to = to;
        _header = header;
        _cipher = header.Cipher(passphrase);
        _to.Write(header.Bytes);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => (_number * SealedChunk.Length) + _filled;
        set => throw new NotSupportedException();
    }

    // A full chunk is sealed when more comes: the last one is marked as such.
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            if (_filled == SealedChunk.Length)
            {
                Seal(isLast: false);
            }

            var taken = Math.Min(buffer.Length, SealedChunk.Length - _filled);
            buffer[..taken].CopyTo(_plain.AsSpan(_filled));
            _filled += taken;
            buffer = buffer[taken..];
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <summary>Seals the last chunk.</summary>
    public void Complete() => Seal(isLast: true);

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            CryptographicOperations.ZeroMemory(_plain);
            _cipher.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Seal(bool isLast)
    {
        _cipher.Encrypt(
            SealedChunk.Nonce(_number++, isLast),
            _plain.AsSpan(0, _filled),
            _sealed.AsSpan(0, _filled),
            _sealed.AsSpan(_filled, SealedChunk.TagLength),
            _header.Bytes);
        _to.Write(_sealed, 0, _filled + SealedChunk.TagLength);
        _filled = 0;
    }
}
