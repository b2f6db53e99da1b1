"""The tables of national languages of GSM 03.38, as data (3GPP TS 23.038 annex A.2 and A.3)."""

from __future__ import annotations

LATIN_LOCKING = {
    1: "04€ 07ı 0bĞ 0cğ 1cŞ 1dş 40İ 60ç",  # noqa: RUF001 - Turkish has an i without a dot
    3: """
        04ê 06ú 07í 08ó 09ç 0bÔ 0cô 0eÁ 0fá 12ª 13Ç 14À 15∞ 16^ 17\\ 18€
        19Ó 1a| 1cÂ 1dâ 1eÊ 24º 40Í 5bÃ 5cÕ 5dÚ 60~ 7bã 7cõ 7d`
    """,  # Portuguese
}
"""By language: code and character where its locking table is not the default alphabet. Spanish has none of its own."""

INDIC_LOCKING = {
    4: """
        0981 0982 0983 0985 0986 0987 0988 0989 098a 098b 000a 098c ---- 000d ---- 098f
        0990 ---- ---- 0993 0994 0995 0996 0997 0998 0999 099a ---- 099b 099c 099d 099e
        0020 0021 099f 09a0 09a1 09a2 09a3 09a4 0029 0028 09a5 09a6 002c 09a7 002e 09a8
        0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003a 003b ---- 09aa 09ab 003f
        09ac 09ad 09ae 09af 09b0 ---- 09b2 ---- ---- ---- 09b6 09b7 09b8 09b9 09bc 09bd
        09be 09bf 09c0 09c1 09c2 09c3 09c4 ---- ---- 09c7 09c8 ---- ---- 09cb 09cc 09cd
        09ce 09d7 09dc 09dd 09f0 09f1
    """,  # Bengali
    5: """
        0a81 0a82 0a83 0a85 0a86 0a87 0a88 0a89 0a8a 0a8b 000a 0a8c 0a8d 000d ---- 0a8f
        0a90 0a91 ---- 0a93 0a94 0a95 0a96 0a97 0a98 0a99 0a9a ---- 0a9b 0a9c 0a9d 0a9e
        0020 0021 0a9f 0aa0 0aa1 0aa2 0aa3 0aa4 0029 0028 0aa5 0aa6 002c 0aa7 002e 0aa8
        0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003a 003b ---- 0aaa 0aab 003f
        0aac 0aad 0aae 0aaf 0ab0 ---- 0ab2 0ab3 ---- 0ab5 0ab6 0ab7 0ab8 0ab9 0abc 0abd
        0abe 0abf 0ac0 0ac1 0ac2 0ac3 0ac4 0ac5 ---- 0ac7 0ac8 0ac9 ---- 0acb 0acc 0acd
        0ad0 0ae0 0ae1 0ae2 0ae3 0af1
    """,  # Gujarati
    6: """
        0901 0902 0903 0905 0906 0907 0908 0909 090a 090b 000a 090c 090d 000d 090e 090f
        0910 0911 0912 0913 0914 0915 0916 0917 0918 0919 091a ---- 091b 091c 091d 091e
        0020 0021 091f 0920 0921 0922 0923 0924 0029 0028 0925 0926 002c 0927 002e 0928
        0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003a 003b 0929 092a 092b 003f
        092c 092d 092e 092f 0930 0931 0932 0933 0934 0935 0936 0937 0938 0939 093c 093d
        093e 093f 0940 0941 0942 0943 0944 0945 0946 0947 0948 0949 094a 094b 094c 094d
        0950 0972 097b 097c 097e 097f
    """,  # Hindi
    7: """
        ---- 0c82 0c83 0c85 0c86 0c87 0c88 0c89 0c8a 0c8b 000a 0c8c ---- 000d 0c8e 0c8f
        0c90 ---- 0c92 0c93 0c94 0c95 0c96 0c97 0c98 0c99 0c9a ---- 0c9b 0c9c 0c9d 0c9e
        0020 0021 0c9f 0ca0 0ca1 0ca2 0ca3 0ca4 0029 0028 0ca5 0ca6 002c 0ca7 002e 0ca8
        0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003a 003b ---- 0caa 0cab 003f
        0cac 0cad 0cae 0caf 0cb0 0cb1 0cb2 0cb3 ---- 0cb5 0cb6 0cb7 0cb8 0cb9 0cbc 0cbd
        0cbe 0cbf 0cc0 0cc1 0cc2 0cc3 0cc4 ---- 0cc6 0cc7 0cc8 ---- 0cca 0ccb 0ccc 0ccd
        0cd5 0cd6 0ce0 0ce1 0ce2 0ce3
    """,  # Kannada
    8: """
        ---- 0d02 0d03 0d05 0d06 0d07 0d08 0d09 0d0a 0d0b 000a 0d0c ---- 000d 0d0e 0d0f
        0d10 ---- 0d12 0d13 0d14 0d15 0d16 0d17 0d18 0d19 0d1a ---- 0d1b 0d1c 0d1d 0d1e
        0020 0021 0d1f 0d20 0d21 0d22 0d23 0d24 0029 0028 0d25 0d26 002c 0d27 002e 0d28
        0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003a 003b ---- 0d2a 0d2b 003f
        0d2c 0d2d 0d2e 0d2f 0d30 0d31 0d32 0d33 0d34 0d35 0d36 0d37 0d38 0d39 ---- 0d3d
        0d3e 0d3f 0d40 0d41 0d42 0d43 0d44 ---- 0d46 0d47 0d48 ---- 0d4a 0d4b 0d4c 0d4d
        0d57 0d60 0d61 0d62 0d63 0d79
    """,  # Malayalam
    9: """
        0b01 0b02 0b03 0b05 0b06 0b07 0b08 0b09 0b0a 0b0b 000a 0b0c ---- 000d ---- 0b0f
        0b10 ---- ---- 0b13 0b14 0b15 0b16 0b17 0b18 0b19 0b1a ---- 0b1b 0b1c 0b1d 0b1e
        0020 0021 0b1f 0b20 0b21 0b22 0b23 0b24 0029 0028 0b25 0b26 002c 0b27 002e 0b28
        0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003a 003b ---- 0b2a 0b2b 003f
        0b2c 0b2d 0b2e 0b2f 0b30 ---- 0b32 0b33 ---- 0b35 0b36 0b37 0b38 0b39 0b3c 0b3d
        0b3e 0b3f 0b40 0b41 0b42 0b43 0b44 ---- ---- 0b47 0b48 ---- ---- 0b4b 0b4c 0b4d
        0b56 0b57 0b60 0b61 0b62 0b63
    """,  # Oriya
    10: """
        0a01 0a02 0a03 0a05 0a06 0a07 0a08 0a09 0a0a ---- 000a ---- ---- 000d ---- 0a0f
        0a10 ---- ---- 0a13 0a14 0a15 0a16 0a17 0a18 0a19 0a1a ---- 0a1b 0a1c 0a1d 0a1e
        0020 0021 0a1f 0a20 0a21 0a22 0a23 0a24 0029 0028 0a25 0a26 002c 0a27 002e 0a28
        0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003a 003b ---- 0a2a 0a2b 003f
        0a2c 0a2d 0a2e 0a2f 0a30 ---- 0a32 0a33 ---- 0a35 0a36 ---- 0a38 0a39 0a3c ----
        0a3e 0a3f 0a40 0a41 0a42 ---- ---- ---- ---- 0a47 0a48 ---- ---- 0a4b 0a4c 0a4d
        0a51 0a70 0a71 0a72 0a73 0a74
    """,  # Punjabi
    11: """
        ---- 0b82 0b83 0b85 0b86 0b87 0b88 0b89 0b8a ---- 000a ---- ---- 000d 0b8e 0b8f
        0b90 ---- 0b92 0b93 0b94 0b95 ---- ---- ---- 0b99 0b9a ---- ---- 0b9c ---- 0b9e
        0020 0021 0b9f ---- ---- ---- 0ba3 0ba4 0029 0028 ---- ---- 002c ---- 002e 0ba8
        0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003a 003b 0ba9 0baa ---- 003f
        ---- ---- 0bae 0baf 0bb0 0bb1 0bb2 0bb3 0bb4 0bb5 0bb6 0bb7 0bb8 0bb9 ---- ----
        0bbe 0bbf 0bc0 0bc1 0bc2 ---- ---- ---- 0bc6 0bc7 0bc8 ---- 0bca 0bcb 0bcc 0bcd
        0bd0 0bd7 0bf0 0bf1 0bf2 0bf9
    """,  # Tamil
    12: """
        0c01 0c02 0c03 0c05 0c06 0c07 0c08 0c09 0c0a 0c0b 000a 0c0c ---- 000d 0c0e 0c0f
        0c10 ---- 0c12 0c13 0c14 0c15 0c16 0c17 0c18 0c19 0c1a ---- 0c1b 0c1c 0c1d 0c1e
        0020 0021 0c1f 0c20 0c21 0c22 0c23 0c24 0029 0028 0c25 0c26 002c 0c27 002e 0c28
        0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003a 003b ---- 0c2a 0c2b 003f
        0c2c 0c2d 0c2e 0c2f 0c30 0c31 0c32 0c33 ---- 0c35 0c36 0c37 0c38 0c39 ---- 0c3d
        0c3e 0c3f 0c40 0c41 0c42 0c43 0c44 ---- 0c46 0c47 0c48 ---- 0c4a 0c4b 0c4c 0c4d
        0c55 0c56 0c60 0c61 0c62 0c63
    """,  # Telugu
    13: """
        0627 0622 0628 067b 0680 067e 06a6 062a 06c2 067f 000a 0679 067d 000d 067a 067c
        062b 062c 0681 0684 0683 0685 0686 0687 062d 062e 062f ---- 068c 0688 0689 068a
        0020 0021 068f 068d 0630 0631 0691 0693 0029 0028 0699 0632 002c 0696 002e 0698
        0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003a 003b 069a 0633 0634 003f
        0635 0636 0637 0638 0639 0641 0642 06a9 06aa 06ab 06af 06b3 06b1 0644 0645 0646
        06ba 06bb 06bc 0648 06c4 06d5 06c1 06be 0621 06cc 06d0 06d2 064d 0650 064f 0657
        0654 0655 0651 0653 0656 0670
    """,  # Urdu
}
"""By language: code points of 0x00 to 0x60 and 0x7B to 0x7F, `----` where there is none; between them are a to z."""

SINGLE = {
    1: "47011e 490130 53015e 6300e7 67011f 690131 73015f",  # Turkish
    2: "0900e7 4100c1 4900cd 4f00d3 5500da 6100e1 6900ed 6f00f3 7500fa",  # Spanish
    3: """
        0500ea 0900e7 0b00d4 0c00f4 0e00c1 0f00e1 1203a6 130393 1503a9 1603a0 1703a8 1803a3 190398 1f00ca
        4100c0 4900cd 4f00d3 5500da 5b00c3 5c00d5 6100c2 6900ed 6f00f3 7500fa 7b00e3 7c00f5 7f00e2
    """,  # Portuguese
    4: """
        1909e6 1a09e7 1c09e8 1d09e9 1e09ea 1f09eb 2009ec 2109ed 2209ee 2309ef 2409df 2509e0 2609e1 2709e2
        2a09e3 2b09f2 2c09f3 2d09f4 2e09f5 3009f6 3109f7 3209f8 3309f9 3409fa
    """,  # Bengali
    5: "190964 1a0965 1c0ae6 1d0ae7 1e0ae8 1f0ae9 200aea 210aeb 220aec 230aed 240aee 250aef",  # Gujarati
    6: """
        190964 1a0965 1c0966 1d0967 1e0968 1f0969 20096a 21096b 22096c 23096d 24096e 25096f 260951 270952
        2a0953 2b0954 2c0958 2d0959 2e095a 30095b 31095c 32095d 33095e 34095f 350960 360961 370962 380963
        390970 3a0971
    """,  # Hindi
    7: """
        190964 1a0965 1c0ce6 1d0ce7 1e0ce8 1f0ce9 200cea 210ceb 220cec 230ced 240cee 250cef 260cde 270cf1
        2a0cf2
    """,  # Kannada
    8: """
        190964 1a0965 1c0d66 1d0d67 1e0d68 1f0d69 200d6a 210d6b 220d6c 230d6d 240d6e 250d6f 260d70 270d71
        2a0d72 2b0d73 2c0d74 2d0d75 2e0d7a 300d7b 310d7c 320d7d 330d7e 340d7f
    """,  # Malayalam
    9: """
        190964 1a0965 1c0b66 1d0b67 1e0b68 1f0b69 200b6a 210b6b 220b6c 230b6d 240b6e 250b6f 260b5c 270b5d
        2a0b5f 2b0b70 2c0b71
    """,  # Oriya
    10: """
        190964 1a0965 1c0a66 1d0a67 1e0a68 1f0a69 200a6a 210a6b 220a6c 230a6d 240a6e 250a6f 260a59 270a5a
        2a0a5b 2b0a5c 2c0a5e 2d0a75
    """,  # Punjabi
    11: """
        190964 1a0965 1c0be6 1d0be7 1e0be8 1f0be9 200bea 210beb 220bec 230bed 240bee 250bef 260bf3 270bf4
        2a0bf5 2b0bf6 2c0bf7 2d0bf8 2e0bfa
    """,  # Tamil
    12: """
        1c0c66 1d0c67 1e0c68 1f0c69 200c6a 210c6b 220c6c 230c6d 240c6e 250c6f 260c58 270c59 2a0c78 2b0c79
        2c0c7a 2d0c7b 2e0c7c 300c7d 310c7e 320c7f
    """,  # Telugu
    13: """
        190600 1a0601 1c06f0 1d06f1 1e06f2 1f06f3 2006f4 2106f5 2206f6 2306f7 2406f8 2506f9 26060c 27060d
        2a060e 2b060f 2c0610 2d0611 2e0612 300613 310614 32061b 33061f 340640 350652 360658 37066b 38066c
        390672 3a0673 3b06cd 3f06d4
    """,  # Urdu
}
"""By language: code and code point of what its single table has beside what it shares with the others."""

INDIC_SHARED = {
    **dict(zip(range(0x0D), "@£$¥¿\"¤%&'\f*+", strict=True)),
    **dict(zip(range(0x0E, 0x19), "-/<=>¡^¡_#*", strict=True)),
    **dict(zip(range(0x41, 0x5B), "ABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=True)),
}
"""What every single table from Bengali on has, beside the default extension."""
