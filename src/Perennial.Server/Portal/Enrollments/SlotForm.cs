using Microsoft.AspNetCore.Http;
using Perennial.Provisioning.Enrollments;
using Perennial.X509;

namespace Perennial.Server.Portal.Enrollments;

/// <summary>What the form of the slots asks for: files just picked, and what was picked before and shown.</summary>
internal static class SlotForm
{
    /// <param name="form">The form that was sent.</param>
    /// <param name="key">The enrollment.</param>
    /// <param name="slots">The slots as they are stored.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task<IReadOnlyList<SlotModel>> ReadAsync(
        IFormCollection form, EnrollmentKey key, IReadOnlyList<SlotModel> slots, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var asked = slots.Select(slot => slot with
        {
            Next = Picked(form[$"{slot.Name}.next"], key, now),
            IsRemoved = slot.Current is not null && form[$"{slot.Name}.remove"] == "yes",
        }).ToList();
        for (var i = 0; i < asked.Count; i++)
        {
            if (form.Files.GetFile($"{asked[i].Name}.file") is { Length: > 0 } file)
            {
                asked[i] = Take(asked[i], await ContentAsync(file, cancellationToken), key, asked[1 - i].After, now);
            }
        }

        return asked;
    }

    /// <summary>Whether a file was picked since the form was shown.</summary>
    public static bool HasFile(IFormCollection form) => form.Files.Any(file => file.Length > 0);

    private static SlotModel Take(SlotModel slot, byte[] content, EnrollmentKey key, Certificate? other, DateTimeOffset now)
    {
        if (!CertificateFile.TryRead(content, key, other, now, out var certificate, out var fault))
        {
            return slot with { Fault = fault };
        }

        return certificate.Thumbprint == slot.Current?.Thumbprint
            ? slot with { Next = null, Fault = $"This certificate stands in the {slot.Name} slot already: there is nothing to change." }
            : slot with { Next = certificate, IsRemoved = false };
    }

    // It was looked at when it was picked; whoever sends something else is told nothing, and nothing is taken.
    private static Certificate? Picked(string? base64, EnrollmentKey key, DateTimeOffset now)
    {
        var der = new byte[(base64?.Length ?? 0) * 3 / 4];
        return Convert.TryFromBase64String(base64 ?? string.Empty, der, out var length)
            && CertificateFile.TryRead(der.AsSpan(0, length), key, other: null, now, out var certificate, out _)
                ? certificate
                : null;
    }

    // One byte more than may be is read, so that a larger file is known for one.
    private static async Task<byte[]> ContentAsync(IFormFile file, CancellationToken cancellationToken)
    {
        await using var stream = file.OpenReadStream();
        var content = new byte[Math.Min(file.Length, CertificateFile.MaxLength + 1)];
        await stream.ReadExactlyAsync(content, cancellationToken);
        return content;
    }
}
