/* SPDX-License-Identifier: Apache-2.0 */
/* Which JWKs are keys of ours, row by row. The numbers are those of RFC 7515 and RFC 8037. */
#include "jwk.h"

#include <openssl/err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "key_pair.h"
#include "unit.h"

#define RSA_N_REST \
	"CuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt" \
	"0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpa" \
	"SHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9k" \
	"G4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXp" \
	"oQ"
#define RSA_N "ofgW" RSA_N_REST
#define P256_X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define P256_Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define P521_X \
	"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceq" \
	"wQGk"
#define P521_Y \
	"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3k" \
	"yMj2"
#define ED_X "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
#define K31 "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2traw"
#define K32 "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s"

/* One JWK of each kind, open at its end. */
#define OCT "{'kty':'oct','k':'" K32 "'"
#define OKP "{'kty':'OKP','crv':'Ed25519','x':'" ED_X "'"
#define EC256 "{'kty':'EC','crv':'P-256','x':'" P256_X "','y':'" P256_Y "'"
#define EC512 "{'kty':'EC','crv':'P-521','x':'" P521_X "','y':'" P521_Y "'"
#define RSA "{'kty':'RSA','n':'" RSA_N "','e':'AQAB'"
#define RSA256 RSA ",'alg':'RS256'"

static struct gp_json_reader *reader;
static struct gp_jwk_set set;

/* Texts here have apostrophes for quotation marks. */
static bool
read_set(const char *text, const enum gp_algorithm *algorithm, const char *key_id)
{
	char *copy = strdup(text);
	bool is_set;

	gp_test_row("%.240s", text);
	reader = gp_json_reader_new();
	CU_ASSERT_FATAL(copy != NULL && reader != NULL);
	for (char *c = copy; *c != '\0'; c++) {
		if (*c == '\'')
			*c = '"';
	}
	memset(&set, 0xff, sizeof(set));
	is_set = gp_jwk_set_read(reader, copy, strlen(copy), algorithm, key_id, &set);
	/* Keys must not depend on the text, nor on the reader. */
	gp_json_reader_free(reader);
	free(copy);
	return is_set;
}

static void
expect_key(const char *text, const enum gp_algorithm *assumed, enum gp_algorithm algorithm)
{
	CU_ASSERT(read_set(text, assumed, NULL));
	CU_ASSERT_EQUAL(set.refused, 0);
	CU_ASSERT_EQUAL(set.count, 1);
	if (set.count == 1)
		CU_ASSERT_EQUAL(gp_key_algorithm(set.keys[0]), algorithm);
	gp_jwk_set_clear(&set);
}

static void
takes_every_kind_of_key(void)
{
	static const struct {
		const char *text;
		enum gp_algorithm algorithm;
	} rows[] = {
		{ OCT "}", GP_HS256 },
		{ OCT ",'alg':'HS256'}", GP_HS256 },
		{ "{'k':'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTw"
		  "jAzZr1Z9CAow','kty':'oct'}",
		    GP_HS256 },
		{ OKP "}", GP_EDDSA },
		{ OKP ",'alg':'EdDSA'}", GP_EDDSA },
		{ OKP ",'alg':'Ed25519'}", GP_EDDSA },
		{ EC256 "}", GP_ES256 },
		{ EC256 ",'alg':'ES256'}", GP_ES256 },
		{ EC512 "}", GP_ES512 },
		{ EC512 ",'alg':'ES512'}", GP_ES512 },
		{ RSA ",'alg':'RS256'}", GP_RS256 },
		{ RSA ",'alg':'PS256'}", GP_PS256 },
		{ "{'kty':'RSA','alg':'RS256','n':'" RSA_N "','e':'Aw'}", GP_RS256 },
		/* what a real Better Auth has in its table and at its address */
		{ "{'crv':'Ed25519','x':'c8saxt6Qr3XMswDs-oCW5lzIw54b0hD4rDymBbCvEYA','kty':'OKP'}",
		    GP_EDDSA },
		{ "{'alg':'EdDSA','crv':'Ed25519','x':'c8saxt6Qr3XMswDs-oCW5lzIw54b0hD4rDymBbCvEYA',"
		  "'kty':'OKP','kid':'eFlVKLImJFrM0ju6wFYVMuHsiUlJUIU5'}",
		    GP_EDDSA },
		/* what is said of its use */
		{ OKP ",'use':'sig'}", GP_EDDSA },
		{ OKP ",'key_ops':['verify']}", GP_EDDSA },
		{ OKP ",'key_ops':['sign','verify'],'use':'sig'}", GP_EDDSA },
		{ OKP ",'key_ops':[null,1,'verify']}", GP_EDDSA },
		/* members that mean nothing to us */
		{ OKP ",'ext':true,'x5c':['x'],'x5u':5,'oth':{},'n':1,'y':'x','d':'x'}", GP_EDDSA },
		{ RSA256 ",'crv':'P-256','x5t':'x'}", GP_RS256 },
		{ "{'keys':[" OKP "}]}", GP_EDDSA },
		{ "{'keys':[" OKP "}],'kty':'oct','more':1}", GP_EDDSA },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++)
		expect_key(rows[i].text, NULL, rows[i].algorithm);
}

/* RSA keys without `alg` are for two algorithms: who reads the key has to know which. */
static void
assumes_an_algorithm_where_a_key_names_none(void)
{
	static const enum gp_algorithm rs256 = GP_RS256, ps256 = GP_PS256, eddsa = GP_EDDSA;

	expect_key(RSA "}", &rs256, GP_RS256);
	expect_key(RSA "}", &ps256, GP_PS256);
	expect_key(RSA ",'alg':'RS256'}", &ps256, GP_RS256);
	expect_key(OKP "}", &eddsa, GP_EDDSA);
	expect_key(EC256 ",'alg':'ES256'}", &eddsa, GP_ES256);
	CU_ASSERT(read_set(RSA "}", NULL, NULL));
	CU_ASSERT_EQUAL(set.count, 0);
	CU_ASSERT_EQUAL(set.refused, 1);
	CU_ASSERT(read_set(RSA "}", &eddsa, NULL));
	CU_ASSERT_EQUAL(set.count, 0);
	CU_ASSERT_EQUAL(set.refused, 1);
}

static const char *const refused[] = {
	/* weak */
	"{'kty':'oct','k':'" K31 "'}",
	"{'kty':'oct','k':''}",
	"{'kty':'RSA','alg':'RS256','e':'AQAB','n':'ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0"
	"l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2j"
	"Z47AAE'}",                                                        /* 1024 bits */
	"{'kty':'RSA','alg':'RS256','e':'AQAB','n':'afgW" RSA_N_REST "'}", /* 2047 bits */
	"{'kty':'RSA','alg':'PS256','e':'AQAB','n':'afgW" RSA_N_REST "'}",
	"{'kty':'RSA','alg':'RS256','e':'AQ','n':'" RSA_N "'}",        /* 1 */
	"{'kty':'RSA','alg':'PS256','e':'AQ','n':'" RSA_N "'}",        /* 1 */
	"{'kty':'RSA','alg':'RS256','e':'AAAB','n':'" RSA_N "'}",      /* 1 with zeros in front */
	"{'kty':'RSA','alg':'RS256','e':'AA','n':'" RSA_N "'}",        /* 0 */
	"{'kty':'RSA','alg':'RS256','e':'Ag','n':'" RSA_N "'}",        /* 2 */
	"{'kty':'RSA','alg':'RS256','e':'AQAA','n':'" RSA_N "'}",      /* even */
	"{'kty':'RSA','alg':'RS256','e':'" RSA_N "','n':'" RSA_N "'}", /* huge */
	"{'kty':'RSA','alg':'RS256','e':'AQAB','n':'" RSA_N RSA_N RSA_N RSA_N RSA_N "'}",
	/* points that are none */
	"{'kty':'EC','crv':'P-256','x':'" P256_Y "','y':'" P256_X "'}",
	"{'kty':'EC','crv':'P-256','x':'" P256_X "','y':'" P256_X "'}",
	"{'kty':'EC','crv':'P-256','x':'" P256_X
	"','y':'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5aw'}",
	"{'kty':'EC','crv':'P-256','x':'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',"
	"'y':'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}",
	"{'kty':'EC','crv':'P-256','x':'_____wAAAAEAAAAAAAAAAAAAAAD_______________8','y':'" P256_Y
	"'}",
	"{'kty':'EC','crv':'P-521','x':'" P521_Y "','y':'" P521_X "'}",
	/* coordinates of another length: short, long, without their leading zero */
	"{'kty':'EC','crv':'P-256','x':'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVA','y':'" P256_Y
	"'}",
	"{'kty':'EC','crv':'P-256','x':'AH_Nzidw9sRdQYPL7m_bS3tYBzM1e-nvE7rPbjx70VRF','y':'" P256_Y
	"'}",
	"{'kty':'EC','crv':'P-256','x':'" P256_X "','y':'" P256_Y "AA'}",
	"{'kty':'EC','crv':'P-521','x':'" P521_X
	"','y':'NKZEDjdnUNI3H9G9wsjztx0vTuXqNDLIFcyjFWD-XZOH"
	"7HdLVYOGMOXLv1qMvgqR3QBkxpmaH25uZ_rd7eTIyPY'}",
	"{'kty':'EC','crv':'P-256','x':'" P521_X "','y':'" P521_Y "'}",
	"{'kty':'EC','crv':'P-521','x':'" P256_X "','y':'" P256_Y "'}",
	"{'kty':'OKP','crv':'Ed25519','x':'11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUQ'}",
	"{'kty':'OKP','crv':'Ed25519','x':'" ED_X "AA'}",
	/* other curves and types */
	"{'kty':'EC','crv':'P-384','x':'lvxgpoDAx4iyjQ_A7PnOnrvRGqpM5SOeZ3_IokkLH-W4S4xrGQ00igFkpMcV8_ts',"
	"'y':'gwifqPQBZXgBK7xUZ_-tVBIRckpMU4FEYWU5IWcIt4SycdiZhhfwmOExsaLYfWTq'}",
	"{'kty':'EC','crv':'secp256k1','x':'" P256_X "','y':'" P256_Y "'}",
	"{'kty':'EC','crv':'p-256','x':'" P256_X "','y':'" P256_Y "'}",
	"{'kty':'EC','crv':'Ed25519','x':'" P256_X "','y':'" P256_Y "'}",
	/* points of small order: one signature would fit every text */
	"{'kty':'OKP','crv':'Ed25519','x':'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}",
	"{'kty':'OKP','crv':'Ed25519','x':'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}",
	"{'kty':'OKP','crv':'Ed25519','x':'JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU'}",
	"{'kty':'OKP','crv':'Ed25519','x':'xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o'}",
	"{'kty':'OKP','crv':'Ed25519','x':'7P_______________________________________38'}",
	"{'kty':'OKP','crv':'Ed25519','x':'7f_______________________________________38'}",
	"{'kty':'OKP','crv':'Ed25519','x':'7v_______________________________________38'}",
	"{'kty':'OKP','crv':'Ed25519','x':'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA'}",
	"{'kty':'OKP','crv':'X25519','x':'" ED_X "'}",
	"{'kty':'OKP','crv':'Ed448','x':'" ED_X "'}",
	"{'kty':'OKP','crv':'P-256','x':'" ED_X "'}",
	"{'kty':'OKP','crv':'Ed25519 ','x':'" ED_X "'}",
	"{'kty':'okp','crv':'Ed25519','x':'" ED_X "'}",
	"{'kty':'rsa','alg':'RS256','n':'" RSA_N "','e':'AQAB'}",
	"{'kty':'AKP','alg':'ML-DSA-44','pub':'x'}",
	"{'kty':''}",
	/* an algorithm of another kind of key, or none that we have */
	OCT ",'alg':'HS384'}",
	OCT ",'alg':'HS512'}",
	OCT ",'alg':'RS256'}",
	OCT ",'alg':'EdDSA'}",
	OCT ",'alg':'none'}",
	OCT ",'alg':'A256GCM'}",
	OKP ",'alg':'ES256'}",
	OKP ",'alg':'HS256'}",
	OKP ",'alg':'Ed448'}",
	OKP ",'alg':'eddsa'}",
	OKP ",'alg':''}",
	OKP ",'alg':null}",
	OKP ",'alg':5}",
	OKP ",'alg':['EdDSA']}",
	EC256 ",'alg':'ES512'}",
	EC256 ",'alg':'ES384'}",
	EC256 ",'alg':'ES256K'}",
	EC256 ",'alg':'ECDH-ES'}",
	EC256 ",'alg':'HS256'}",
	EC512 ",'alg':'ES256'}",
	RSA ",'alg':'RS384'}",
	RSA ",'alg':'RS512'}",
	RSA ",'alg':'PS384'}",
	RSA ",'alg':'RSA-OAEP'}",
	RSA ",'alg':'HS256'}",
	RSA ",'alg':'ES256'}",
	RSA "}",
	RSA ",'alg':null}",
	/* not for verifying */
	OKP ",'use':'enc'}",
	OKP ",'use':''}",
	OKP ",'use':'SIG'}",
	OKP ",'use':null}",
	OKP ",'use':['sig']}",
	OKP ",'use':5}",
	OKP ",'key_ops':[]}",
	OKP ",'key_ops':['sign']}",
	OKP ",'key_ops':['encrypt','Verify',null,{}]}",
	OKP ",'key_ops':'verify'}",
	OKP ",'key_ops':{'verify':true}}",
	OKP ",'key_ops':null}",
	OKP ",'use':'enc','key_ops':['verify']}",
	OKP ",'use':'sig','key_ops':['sign']}",
	/* a key id that is none */
	OKP ",'kid':5}",
	OKP ",'kid':null}",
	OKP ",'kid':['k']}",
	/* members that are missing, or no canonical base64url */
	"{'kty':'oct'}",
	"{'kty':'oct','k':null}",
	"{'kty':'oct','k':5}",
	"{'kty':'oct','k':'" K32 "='}",
	"{'kty':'oct','k':'" K32 " '}",
	"{'kty':'oct','k':'a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2t'}",
	"{'kty':'oct','k':'++++a2tra2tra2tra2tra2tra2tra2tra2tra2tra2s'}",
	"{'kty':'OKP','crv':'Ed25519'}",
	"{'kty':'OKP','x':'" ED_X "'}",
	"{'kty':'OKP','crv':null,'x':'" ED_X "'}",
	"{'kty':'OKP','crv':'Ed25519','x':''}",
	"{'kty':'OKP','crv':'Ed25519','x':5}",
	"{'kty':'OKP','crv':'Ed25519','x':'" ED_X "='}",
	"{'kty':'OKP','crv':'Ed25519','x':'11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp'}",
	"{'kty':'OKP','crv':'Ed25519','x':'11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo'}",
	"{'kty':'EC','crv':'P-256','x':'" P256_X "'}",
	"{'kty':'EC','crv':'P-256','y':'" P256_Y "'}",
	"{'kty':'EC','x':'" P256_X "','y':'" P256_Y "'}",
	"{'kty':'EC','crv':'P-256','x':'" P256_X "=','y':'" P256_Y "'}",
	"{'kty':'EC','crv':'P-256','x':'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEV','y':'" P256_Y
	"'}",
	"{'kty':'RSA','alg':'RS256','e':'AQAB'}",
	"{'kty':'RSA','alg':'RS256','n':'" RSA_N "'}",
	"{'kty':'RSA','alg':'RS256','n':'','e':'AQAB'}",
	"{'kty':'RSA','alg':'RS256','n':'" RSA_N "','e':''}",
	"{'kty':'RSA','alg':'RS256','n':'" RSA_N "==','e':'AQAB'}",
	"{'kty':'RSA','alg':'RS256','n':'" RSA_N "','e':'AQAB='}",
	"{'kty':'RSA','alg':'RS256','n':'" RSA_N "','e':65537}",
	"{'kty':'RSA','alg':'RS256','n':5,'e':'AQAB'}",
	/* a private key of JWE's kind */
	"{'kty':'oct','k':'" K32 "','use':'enc','alg':'A256KW'}",
};

static void
refuses_keys_that_are_malformed_weak_or_not_ours(void)
{
	for (size_t i = 0; i < GP_COUNT(refused); i++) {
		CU_ASSERT(read_set(refused[i], NULL, NULL));
		CU_ASSERT_EQUAL(set.count, 0);
		CU_ASSERT_EQUAL(set.refused, 1);
		gp_jwk_set_clear(&set);
	}
}

/* OpenSSL's list of errors would be read by whoever uses OpenSSL next. */
static void
leaves_no_errors_of_refused_keys_behind(void)
{
	for (size_t i = 0; i < GP_COUNT(refused); i++) {
		ERR_clear_error();
		CU_ASSERT(read_set(refused[i], NULL, NULL));
		CU_ASSERT_EQUAL(ERR_peek_error(), 0);
		gp_jwk_set_clear(&set);
	}
	ERR_clear_error();
}

static void
refuses_what_is_no_jwk_and_no_set(void)
{
	static const char *const texts[] = { "", " ", "x", "null", "true", "5", "'kty'", "[]",
		"[" OKP "}]", "{}", "{'keys':{}}", "{'keys':5}", "{'keys':null}", "{'keys':'x'}",
		"{'Keys':[]}", "{'kty':5}", "{'kty':null}", "{'kty':['oct']}", "{'k':'" K32 "'}",
		/* not RFC 8259's JSON, or with two members of one name */
		OKP, OKP ",}", OKP "}}", OKP "}x", OKP "}{}", "{'keys':[" OKP "},]}", "{'keys':[",
		OKP ",'kty':'OKP'}", OKP ",'kid':'a','kid':'b'}", OKP ",'\\u006bty':'oct'}",
		"{'keys':[" OKP "}],'keys':[]}", "{'keys':[" OKP ",'x':'" ED_X "'}]}",
		OKP ",'kid':'\xff'}", OKP ",'kid':'a\\u0000b'}", OKP ",'kid':NaN}" };

	for (size_t i = 0; i < GP_COUNT(texts); i++) {
		CU_ASSERT_FALSE(read_set(texts[i], NULL, NULL));
		CU_ASSERT_EQUAL(set.count, 0);
		CU_ASSERT_EQUAL(set.refused, 0);
	}
}

static void
takes_the_good_keys_of_a_set(void)
{
	CU_ASSERT(
	    read_set("{'keys':[" OKP ",'kid':'a'}," RSA ",'kid':'b'},null,5,'x',[]," OKP ",'use':"
		     "'enc'},{}," EC256 ",'kid':'c'},[" OKP "}],{'keys':[" OKP "}]}," OCT "},"
		     "{'kty':'EC'}]}",
		NULL, NULL));
	CU_ASSERT_EQUAL_FATAL(set.count, 3);
	CU_ASSERT_EQUAL(set.refused, 10);
	CU_ASSERT(gp_test_same(gp_key_id(set.keys[0]), "a"));
	CU_ASSERT(gp_test_same(gp_key_id(set.keys[1]), "c"));
	CU_ASSERT_PTR_NULL(gp_key_id(set.keys[2]));
	CU_ASSERT_EQUAL(gp_key_algorithm(set.keys[2]), GP_HS256);
	gp_jwk_set_clear(&set);
	CU_ASSERT_EQUAL(set.count, 0);
	CU_ASSERT_EQUAL(set.refused, 0);
	CU_ASSERT(read_set("{'keys':[]}", NULL, NULL));
	CU_ASSERT_EQUAL(set.count, 0);
	CU_ASSERT_EQUAL(set.refused, 0);
}

static void
gives_a_single_key_the_id_that_is_told(void)
{
	static const struct {
		const char *text, *told, *id;
	} rows[] = {
		{ OKP "}", NULL, NULL },
		{ OKP "}", "row", "row" },
		{ OKP ",'kid':'own'}", NULL, "own" },
		{ OKP ",'kid':'own'}", "row", "row" },
		{ OKP ",'kid':''}", NULL, "" },
		{ OCT ",'kid':'own'}", "row", "row" },
		/* a set's keys keep theirs */
		{ "{'keys':[" OKP ",'kid':'own'}]}", "row", "own" },
		{ "{'keys':[" OKP "}]}", "row", NULL },
	};

	for (size_t i = 0; i < GP_COUNT(rows); i++) {
		CU_ASSERT(read_set(rows[i].text, NULL, rows[i].told));
		CU_ASSERT_EQUAL_FATAL(set.count, 1);
		CU_ASSERT(gp_test_same(gp_key_id(set.keys[0]), rows[i].id));
		CU_ASSERT_EQUAL(gp_key_death(set.keys[0]), INT64_MAX);
		gp_jwk_set_clear(&set);
	}
}

static void
limits_the_number_of_keys(void)
{
	static const size_t counts[] = { 1, GP_JWK_SET_MAX, GP_JWK_SET_MAX + 1, 100 };
	static char text[16 * 1024];

	CU_ASSERT_EQUAL(GP_JWK_SET_MAX, 64);
	for (size_t i = 0; i < GP_COUNT(counts); i++) {
		size_t taken = counts[i] < GP_JWK_SET_MAX ? counts[i] : GP_JWK_SET_MAX;
		char id[32];

		strcpy(text, "{'keys':[");
		for (size_t j = 0; j < counts[i]; j++) {
			size_t length = strlen(text);

			snprintf(text + length, sizeof(text) - length, "%s" OCT ",'kid':'k%zu'}",
			    j > 0 ? "," : "", j);
		}
		strcat(text, "]}");
		CU_ASSERT(read_set(text, NULL, NULL));
		CU_ASSERT_EQUAL_FATAL(set.count, taken);
		CU_ASSERT_EQUAL(set.refused, counts[i] - taken);
		snprintf(id, sizeof(id), "k%zu", taken - 1);
		CU_ASSERT(gp_test_same(gp_key_id(set.keys[taken - 1]), id));
		gp_jwk_set_clear(&set);
	}
}

static void
keeps_the_keys_of_one_algorithm(void)
{
	static const char text[] = "{'keys':[" OKP ",'kid':'a'}," EC256 ",'kid':'b'}," OKP
				   ",'kid':'c'}," RSA256 ",'kid':'d'},{}]}";

	CU_ASSERT(read_set(text, NULL, NULL));
	CU_ASSERT_EQUAL(set.count, 4);
	gp_jwk_set_keep(&set, GP_EDDSA);
	CU_ASSERT_EQUAL_FATAL(set.count, 2);
	CU_ASSERT_EQUAL(set.refused, 3);
	CU_ASSERT(gp_test_same(gp_key_id(set.keys[0]), "a"));
	CU_ASSERT(gp_test_same(gp_key_id(set.keys[1]), "c"));
	gp_jwk_set_keep(&set, GP_PS256);
	CU_ASSERT_EQUAL(set.count, 0);
	CU_ASSERT_EQUAL(set.refused, 5);
	gp_jwk_set_clear(&set);
}

/* From a key of OpenSSL to its JWK, and back to a key that judges what the first one signs. */
static void
reads_the_keys_that_openssl_makes(void)
{
	static const char *const signers[] = { "ed", "ed25519", "es256", "es512", "rs256", "ps256",
		"oct" };

	for (size_t i = 0; i < GP_COUNT(signers); i++) {
		unsigned char signature[GP_TEST_SIGNATURE_SIZE];
		struct gp_test_text jwk;
		size_t length;

		gp_test_text_set(&jwk, "");
		CU_ASSERT_FATAL(gp_test_add_jwk(&jwk, signers[i], "k"));
		CU_ASSERT_FATAL(gp_test_sign(signers[i], "", "text", 4, signature, &length));
		CU_ASSERT(read_set(jwk.bytes, NULL, NULL));
		CU_ASSERT_EQUAL_FATAL(set.count, 1);
		CU_ASSERT_EQUAL(gp_key_verify(set.keys[0], "text", 4, signature, length), GP_OK);
		CU_ASSERT_EQUAL(
		    gp_key_verify(set.keys[0], "Text", 4, signature, length), GP_DENY_SIGNATURE);
		gp_jwk_set_clear(&set);
	}
}

const struct gp_test gp_tests_jwk[] = {
	GP_TEST(takes_every_kind_of_key),
	GP_TEST(assumes_an_algorithm_where_a_key_names_none),
	GP_TEST(refuses_keys_that_are_malformed_weak_or_not_ours),
	GP_TEST(leaves_no_errors_of_refused_keys_behind),
	GP_TEST(refuses_what_is_no_jwk_and_no_set),
	GP_TEST(takes_the_good_keys_of_a_set),
	GP_TEST(gives_a_single_key_the_id_that_is_told),
	GP_TEST(limits_the_number_of_keys),
	GP_TEST(keeps_the_keys_of_one_algorithm),
	GP_TEST(reads_the_keys_that_openssl_makes),
	{ NULL, NULL },
};
